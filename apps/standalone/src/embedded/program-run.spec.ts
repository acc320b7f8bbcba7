import { expect, it } from 'vitest';
import { runProgram } from './program-run.js';

const node = async (code: string, options?: Parameters<typeof runProgram>[2]) =>
  runProgram(process.execPath, ['-e', code], options);

it('gives the exit code and what was written, and hands over the input', async () => {
  const code = 'console.error("to one"); process.stdin.pipe(process.stdout).on("unpipe", () => process.exit(3))';
  await expect(node(code, { input: 'to the other' })).resolves.toEqual({
    code: 3,
    output: expect.stringMatching(/^(to one\nto the other|to the otherto one\n)$/) as string,
  });
});

it('says which program is not there', async () => {
  await expect(runProgram('/nowhere/at/all', [])).rejects.toMatchObject({ code: 'ENOENT' });
});

it('ends a program that is not wanted any more, and waits until it has ended', async () => {
  const abort = new AbortController();
  const ended = node(
    'process.on("SIGTERM", () => setTimeout(() => process.exit(), 300)); setInterval(() => {}, 1000)',
    {
      signal: abort.signal,
    },
  );
  const reason = new Error('not wanted');
  abort.abort(reason);
  await expect(ended).rejects.toBe(reason);
  await expect(node('', { signal: abort.signal })).rejects.toBe(reason);
});

it('ends a program that takes too long', async () => {
  await expect(node('setInterval(() => {}, 1000)', { timeoutMs: 200 })).resolves.toMatchObject({ code: null });
});

it('does not mind a program that leaves its input unread', async () => {
  await expect(node('process.exit(0)', { input: 'x'.repeat(1_000_000) })).resolves.toEqual({ code: 0, output: '' });
});
