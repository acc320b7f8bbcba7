import { createHash, randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';
import { buildConsole } from './build-console.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Written into each dist; another value (other compiler options, another compiler) throws that dist away. */
const KEY_FILE = '.build-key';

/** A source that does not compile; the message names the file and the place. */
export class BuildError extends Error {
  name = 'BuildError';
}

/**
 * Compiles every workspace's src/ to its dist/ (ESM with source maps), touching only what has changed. An output
 * carries its source's modification time: a source that differs in it, to either side, is compiled again.
 *
 * @param {{ alsoTests?: boolean, withoutConsole?: boolean, declarations?: boolean | readonly string[] }} [options]
 *   alsoTests: the bench and the harness too, into test/dist; withoutConsole: not the web console; declarations: .d.ts files beside the outputs (slow, it takes the type checker), of all
 *   workspaces or of those in these folders, `libs/catalogue` and the like
 * @returns {Promise<number>} how many files were written
 * @throws {BuildError} when a source does not compile
 */
export async function build(options = {}) {
  const compiler = compilerOptions();
  const key = createHash('sha256')
    .update(JSON.stringify(compiler))
    .update(readFileSync(import.meta.filename))
    .digest('hex');
  const [written] = await Promise.all([
    Promise.all(units(options.alsoTests ?? false).map((unit) => buildUnit(unit, compiler, key))),
    options.withoutConsole === true ? undefined : buildConsole(),
  ]);
  const declared = options.declarations ?? false;
  if (declared !== false) declare(declared === true ? undefined : declared);
  return written.reduce((sum, count) => sum + count, 0);
}

/** What is compiled from where to where. */
function units(alsoTests) {
  const workspaces = ['libs', 'apps'].flatMap((group) =>
    readdirSync(join(ROOT, group)).map((name) => join(ROOT, group, name)),
  );
  // What Vite bundles is not compiled file by file.
  const compiled = workspaces.filter((folder) => !existsSync(join(folder, 'vite.config.ts')));
  const found = compiled.map((folder) => ({ source: join(folder, 'src'), output: join(folder, 'dist') }));
  if (alsoTests) {
    for (const part of ['bench', 'harness']) {
      found.push({ source: join(ROOT, 'test', part), output: join(ROOT, 'test', 'dist', part) });
    }
  }
  return found.filter(({ source }) => existsSync(source));
}

/** tsconfig.json is the one place where the language is set; vitest's plugin reads it there too. */
function compilerOptions() {
  const { compilerOptions: ts } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  return {
    swcrc: false,
    configFile: false,
    module: { type: 'es6' },
    sourceMaps: true,
    jsc: {
      target: ts.target.toLowerCase(),
      parser: { syntax: 'typescript', decorators: ts.experimentalDecorators },
      keepClassNames: true,
      transform: {
        legacyDecorator: ts.experimentalDecorators,
        decoratorMetadata: ts.emitDecoratorMetadata,
        useDefineForClassFields: ts.useDefineForClassFields,
        verbatimModuleSyntax: ts.verbatimModuleSyntax,
      },
    },
  };
}

async function buildUnit({ source, output }, compiler, key) {
  const keyFile = join(output, KEY_FILE);
  if (existsSync(output) && (!existsSync(keyFile) || readFileSync(keyFile, 'utf8') !== key)) {
    rmSync(output, { recursive: true });
  }
  mkdirSync(output, { recursive: true });
  const sources = filesBelow(source).filter((file) => !/\.(spec|test)\.ts$|\.d\.ts$/.test(file));
  removeOrphans(output, new Set(sources.flatMap(outputsOf)));
  const stale = sources.filter((file) => {
    const target = statSync(join(output, outputsOf(file)[0]), { throwIfNoEntry: false });
    return target === undefined || Math.abs(target.mtimeMs - statSync(join(source, file)).mtimeMs) >= 1;
  });
  const results = await Promise.allSettled(stale.map((file) => buildFile(source, output, file, compiler)));
  const failed = results.filter((result) => result.status === 'rejected');
  if (failed.length > 0) throw new BuildError(failed.map(({ reason }) => reason.message).join('\n'));
  if (!existsSync(keyFile)) writeFileSync(keyFile, key);
  return stale.length;
}

/** The files that a source becomes, the one that carries its modification time first. */
function outputsOf(file) {
  if (!file.endsWith('.ts')) return [file];
  const stem = file.slice(0, -'.ts'.length);
  return [`${stem}.js`, `${stem}.js.map`, `${stem}.d.ts`];
}

async function buildFile(source, output, file, compiler) {
  const from = join(source, file);
  const to = join(output, outputsOf(file)[0]);
  const { atime, mtime } = statSync(from);
  mkdirSync(dirname(to), { recursive: true });
  // Under another name first: a process that starts meanwhile sees the old file or the new one, never half of one.
  const partial = `${to}.${process.pid}.${randomBytes(4).toString('hex')}`;
  if (!file.endsWith('.ts')) {
    copyFileSync(from, partial);
  } else {
    const { code, map } = await compile(from, relative(dirname(to), from), compiler);
    writeFileSync(`${partial}.map`, map);
    renameSync(`${partial}.map`, `${to}.map`);
    writeFileSync(partial, `${code}\n//# sourceMappingURL=${basename(to)}.map\n`);
  }
  utimesSync(partial, atime, mtime);
  renameSync(partial, to);
}

async function compile(from, sourceFileName, compiler) {
  try {
    const { code, map } = await transform(readFileSync(from, 'utf8'), { ...compiler, filename: from, sourceFileName });
    return { code: code.trimEnd(), map };
  } catch (error) {
    // After the place of the error the compiler adds a trace of its own insides.
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n\nCaused by:');
    throw new BuildError(`${relative(ROOT, from)} does not compile:\n${reason.trimEnd()}`);
  }
}

/** Files below a folder, as paths relative to it. */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Outputs whose source is gone would go on being imported by whoever still names them. */
function removeOrphans(output, wanted) {
  for (const file of filesBelow(output)) {
    const written = file.replace(/\.\d+\.[0-9a-f]{8}(\.map)?$/, '');
    // A file under its passing name belongs to a build that runs now, or to one that was killed an hour ago.
    if (written !== file && Date.now() - statSync(join(output, file), { throwIfNoEntry: false })?.mtimeMs < 3_600_000)
      continue;
    if (!wanted.has(file) && file !== KEY_FILE) rmSync(join(output, file), { force: true });
  }
  const folders = readdirSync(output, { withFileTypes: true, recursive: true }).filter((entry) => entry.isDirectory());
  for (const folder of folders
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .reverse()) {
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

/**
 * Declarations of all workspaces come from one run of the compiler over the sources (each `exports` leads the compiler
 * to src), below one folder, from where each workspace's are copied to where its `exports.types` points.
 */
function declare(folders) {
  const wanted = units(false).filter(({ source }) => folders?.includes(relative(ROOT, dirname(source))) ?? true);
  // A folder for each run: two may run side by side.
  const staging = join(ROOT, 'node_modules', '.cache', `tidings-declarations-${process.pid}`);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  const config = join(staging, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: ROOT,
    outDir: staging,
    typeRoots: [join(ROOT, 'node_modules', '@types')],
  };
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions,
      include: wanted.map(({ source }) => source),
      exclude: ['**/*.spec.ts', '**/dist', '**/node_modules'].map((pattern) => join(ROOT, pattern)),
    }),
  );
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', config], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(staging, { recursive: true, force: true });
    throw new BuildError(`The declarations could not be written:\n${stdout}${stderr}`.trimEnd());
  }
  for (const { source, output } of wanted) {
    const from = join(staging, relative(ROOT, source));
    if (existsSync(from)) cpSync(from, output, { recursive: true, filter: (path) => !/\.json$/.test(path) });
  }
  rmSync(staging, { recursive: true, force: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const began = performance.now();
  try {
    const written = await build({
      alsoTests: process.argv.includes('--tests'),
      withoutConsole: process.argv.includes('--without-console'),
      declarations: process.argv.includes('--declarations'),
    });
    process.stdout.write(`Built ${written} files in ${((performance.now() - began) / 1_000).toFixed(1)} s.\n`);
  } catch (error) {
    // The console's build has one of its own name.
    if (error.name !== 'BuildError') throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
