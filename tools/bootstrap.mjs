import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withProgress } from './bootstrap-progress.mjs';

/** The project's root folder, wherever the command was started from. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The oldest Node that runs everything here (package.json's `engines` says the same). */
const OLDEST_NODE = [20, 19];

/** Where the hash of the lockfile that node_modules was installed from is remembered. */
const INSTALLED_FROM = join(ROOT, 'node_modules', '.tidings-installed-from');

/** What went wrong in words for the reader; its stack would say nothing to them. */
export class SetupError extends Error {}

/**
 * Brings a checkout to where its programs can run: the right Node, the locked packages, a fresh build.
 * Takes milliseconds when nothing has changed.
 *
 * @param {{ alsoTests?: boolean, withoutConsole?: boolean }} [options] alsoTests: compile the bench and the harness too;
 *   withoutConsole: whoever calls builds the web console beside something else, or not at all
 * @throws {SetupError} with the one message to show
 */
export async function bootstrap(options = {}) {
  checkNode(process.versions.node);
  await installPackages();
  // Imported only now: it needs the compiler, which is one of the packages.
  const { build } = await import('./build.mjs');
  const { alsoTests = false, withoutConsole = false } = options;
  await withProgress('Building', () => build({ alsoTests, withoutConsole }));
}

/**
 * Runs a command's main function; an error that is meant for the reader is printed as its message alone.
 *
 * @param {() => Promise<number | undefined>} main gives the exit code; undefined leaves the process to end by itself
 */
export async function run(main) {
  try {
    const code = await main();
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    const known = error instanceof SetupError || (error instanceof Error && error.name === 'BuildError');
    process.stderr.write(`\n${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * @param {string} version as in process.versions.node
 * @throws {SetupError} when it is too old
 */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new SetupError(
    `Tidings needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${version}. Install a newer one from https://nodejs.org and run the command again.`,
  );
}

async function installPackages() {
  const lockfile = readFileSync(join(ROOT, 'package-lock.json'));
  const hash = createHash('sha256').update(lockfile).digest('hex');
  if (existsSync(INSTALLED_FROM) && readFileSync(INSTALLED_FROM, 'utf8') === hash) return;
  // Somebody may have run `npm install` by hand: what is there is kept where it is what the lockfile asks for.
  if (!isInstalled(JSON.parse(lockfile.toString('utf8')), ROOT)) await withProgress('Installing packages', npmCi);
  writeFileSync(INSTALLED_FROM, hash);
}

/**
 * Whether node_modules holds the lockfile's packages, by the record that npm keeps of its last install.
 *
 * @param {{ packages: Record<string, { version?: string, optional?: boolean }> }} lockfile
 * @param {string} root the folder that node_modules is in
 */
export function isInstalled(lockfile, root) {
  const recordFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(recordFile)) return false;
  const installed = JSON.parse(readFileSync(recordFile, 'utf8')).packages;
  return Object.entries(lockfile.packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    // Optional packages of other platforms are in the lockfile and never on the disk.
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && existsSync(join(root, path));
  });
}

/**
 * Dev packages are always among them, whatever NODE_ENV says: the compiler is one. No package's own install script
 * runs: nothing here needs one (the embedded PostgreSQL's links are made by apps/standalone), and npm is about to stop
 * running them unasked.
 */
async function npmCi() {
  const npm = process.env['npm_execpath'];
  const args = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
  const [command, commandArgs] = npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args];
  const { code, output } = await new Promise((resolve, reject) => {
    const child = spawn(command, commandArgs, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.once('error', (error) => reject(new SetupError(`npm could not be started: ${error.message}`)));
    child.once('close', (exitCode) => resolve({ code: exitCode, output: text }));
  });
  if (code === 0) return;
  throw new SetupError(`\`npm ci\` failed:\n${output.trim().split('\n').slice(-25).join('\n')}`);
}
