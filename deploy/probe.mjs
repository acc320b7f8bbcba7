// `node probe.mjs live` or `node probe.mjs ready`: exit code 0 when the process of this container answers that it is.
const { PORT: port = '4100' } = process.env;
const [, , what = 'live'] = process.argv;
const answer = await fetch(`http://127.0.0.1:${port}/health/${what}`, { signal: AbortSignal.timeout(4_000) }).catch(
  (error) => ({ ok: false, status: error.cause?.code ?? error.name }),
);
if (!answer.ok) {
  process.stderr.write(`not ${what}: ${answer.status}\n`);
  process.exitCode = 1;
}
