import { createHash, randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { extname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'apps', 'console');
const OUTPUT = join(FOLDER, 'dist');

/** Written into the output; another value (other sources, other packages) builds it anew. */
const KEY_FILE = '.build-key';
const COMPRESSIBLE = new Set(['.js', '.css', '.svg']);
/** Someone else, who waits for Kafka, shall not wait for us. */
const LOW_PRIORITY = 10;

/**
 * Builds the web console, where its sources, its packages or this file have changed since it was built.
 *
 * @returns {Promise<boolean>} whether there was something to do
 * @throws {Error} called BuildError, with what the bundler said
 */
export async function buildConsole() {
  const key = buildKey();
  const keyFile = join(OUTPUT, KEY_FILE);
  if (existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return false;
  // Beside the old one, and put in its place at once: a server that runs meanwhile has one or the other, whole.
  const suffix = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const fresh = `${OUTPUT}-${suffix}`;
  try {
    await bundle(fresh);
    await compress(fresh);
    writeFileSync(join(fresh, KEY_FILE), key);
    replace(fresh, `${OUTPUT}-old-${suffix}`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return true;
}

function buildKey() {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  const files = [
    import.meta.filename,
    ...['index.html', 'vite.config.ts', 'public/assets/scheme-1.js'].map((name) => join(FOLDER, name)),
  ];
  const sources = readdirSync(join(FOLDER, 'src'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.spec\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of [...files, ...sources.sort()]) {
    hash.update(`\0${relative(ROOT, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function buildError(message) {
  const error = new Error(message);
  error.name = 'BuildError';
  return error;
}

async function bundle(folder) {
  if (!existsSync(join(ROOT, 'node_modules', 'react'))) {
    throw buildError('apps/console needs packages that are not installed: run `npm ci`.');
  }
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn', '--emptyOutDir', '--outDir', folder], {
    cwd: FOLDER,
    // Vite leaves checks for developers in what is built under another value.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  setPriority(child.pid, LOW_PRIORITY);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code === 0) return;
  throw buildError(`apps/console does not build:\n${output.trimEnd()}`);
}

async function compress(folder) {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(
    files.map(async (file) => {
      const bytes = readFileSync(file);
      writeFileSync(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
      writeFileSync(`${file}.br`, await promisify(brotliCompress)(bytes));
    }),
  );
}

/** Of two that build at once, one is first; the other has built the same. */
function replace(fresh, old) {
  if (existsSync(OUTPUT)) renameSync(OUTPUT, old);
  try {
    renameSync(fresh, OUTPUT);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await buildConsole();
  } catch (error) {
    process.stderr.write(`${error.name === 'BuildError' ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
