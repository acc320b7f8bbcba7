import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bootstrap, run, SetupError } from './bootstrap.mjs';

/** How soon we notice that npm is gone, milliseconds. */
const PARENT_CHECK_MS = 100;

const HELP = `Usage: npm start [-- options]

Starts Tidings on this machine, with Kafka and PostgreSQL unless KAFKA_BROKERS and
DATABASE_URL name others. Ctrl-C stops all of it; the data stays for the next start.

Options:
  --port <port>        HTTP port; 0 chooses a free one (PORT)
  --data-dir <folder>  where everything is stored (TIDINGS_DATA_DIR)
  -h, --help           show this help

.env.example lists every setting.
`;

// In this very process, which package.json puts in the place of npm's shell: what npm passes on (Ctrl-C, SIGTERM)
// reaches the program itself.
await run(async () => {
  // `tidings up` imports this file, and has read its own options.
  if (realpathSync(process.argv[1] ?? '') === import.meta.filename && !readOptions(process.argv.slice(2))) return 0;
  await bootstrap({ withoutConsole: true });
  buildConsoleBeside();
  if (process.env['npm_lifecycle_event'] !== undefined) stopWithParent();
  await import('../apps/standalone/dist/main.js');
});

/**
 * Sets the variables that options stand for.
 *
 * @param {readonly string[]} args
 * @returns {boolean} false where only the help was asked for
 * @throws {SetupError} for an option that there is not
 */
function readOptions(args) {
  const { help, port, 'data-dir': dataDir } = parsed(args);
  if (help === true) process.stdout.write(HELP);
  if (port !== undefined) process.env['PORT'] = port;
  if (dataDir !== undefined) process.env['TIDINGS_DATA_DIR'] = dataDir;
  return help !== true;
}

function parsed(args) {
  try {
    const text = { type: 'string' };
    const options = { help: { type: 'boolean', short: 'h' }, port: text, 'data-dir': text };
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, { cause: error });
  }
}

/**
 * Builds the web console, where it is not built, on another core while Kafka starts: until then its page says so. What is
 * wrong with it is said, and no reason not to serve the API.
 */
function buildConsoleBeside() {
  if (/^(false|no|off|0)$/i.test(process.env['TIDINGS_CONSOLE']?.trim() ?? '')) return;
  const tool = fileURLToPath(new URL('build-console.mjs', import.meta.url));
  const child = spawn(process.execPath, [tool], { stdio: ['ignore', 'inherit', 'inherit'] });
  child.once('error', (error) => process.stderr.write(`The console cannot be built: ${error.message}\n`));
}

/** A killed npm can pass nothing on; what it ran would go on unseen, with its ports and its data directory. */
function stopWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}
