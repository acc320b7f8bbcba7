import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { REPOSITORY } from '../../harness/repository.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tidings-build-'));
  for (const tool of ['build.mjs', 'build-console.mjs']) {
    cpSync(join(REPOSITORY, 'tools', tool), join(root, 'tools', tool), { recursive: true });
  }
  cpSync(join(REPOSITORY, 'tsconfig.json'), join(root, 'tsconfig.json'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  mkdirSync(join(root, 'apps'));
  write('libs/one/src/index.ts', "export { two } from './deeper/two.js';\n");
  write('libs/one/src/deeper/two.ts', 'export const two: number = 2;\n');
  write('libs/one/src/table.json', '{}\n');
  write('libs/one/src/two.spec.ts', 'no test is built\n');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function build(): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'tools', 'build.mjs'), '--without-console'], { encoding: 'utf8' });
}

const output = (): string[] =>
  readdirSync(join(root, 'libs/one/dist'), { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('.'))
    .sort();

it('compiles sources, copies what stands beside them, and leaves tests out', () => {
  expect(build().stdout).toMatch(/^Built 3 files/);
  expect(output()).toEqual(['deeper', 'deeper/two.js', 'deeper/two.js.map', 'index.js', 'index.js.map', 'table.json']);
  expect(readFileSync(join(root, 'libs/one/dist/deeper/two.js'), 'utf8')).toBe(
    'export const two = 2;\n//# sourceMappingURL=two.js.map\n',
  );
});

it('touches only what has changed, be it newer or older', () => {
  build();
  expect(build().stdout).toMatch(/^Built 0 files/);
  write('libs/one/src/deeper/two.ts', 'export const two: number = 22;\n');
  utimesSync(join(root, 'libs/one/src/deeper/two.ts'), new Date(0), new Date(0));
  expect(build().stdout).toMatch(/^Built 1 files/);
  expect(readFileSync(join(root, 'libs/one/dist/deeper/two.js'), 'utf8')).toContain('22');
});

it('removes the output of a source that is gone', () => {
  build();
  rmSync(join(root, 'libs/one/src/deeper'), { recursive: true });
  build();
  expect(output()).toEqual(['index.js', 'index.js.map', 'table.json']);
});

it('names the file and the place of a syntax error, and builds it when it is mended', () => {
  write('libs/one/src/wrong.ts', 'export const a: = 3;\n');
  const failed = build();
  expect(failed.status).toBe(1);
  expect(failed.stderr).toMatch(/^libs\/one\/src\/wrong\.ts does not compile:[^]*wrong\.ts:1:/);
  expect(existsSync(join(root, 'libs/one/dist/wrong.js'))).toBe(false);
  write('libs/one/src/wrong.ts', 'export const a = 3;\n');
  expect(build().status).toBe(0);
  expect(existsSync(join(root, 'libs/one/dist/wrong.js'))).toBe(true);
});

it('starts from nothing when the compiler is told something else', () => {
  build();
  const config = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: { target: string };
  };
  config.compilerOptions.target = 'ES2022';
  write('tsconfig.json', JSON.stringify(config));
  expect(build().stdout).toMatch(/^Built 3 files/);
});
