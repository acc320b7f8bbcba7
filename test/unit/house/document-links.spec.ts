import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

const documents = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
];

it.each(documents)('every link in %s leads to a file', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  expect(targets.filter((target) => !existsSync(join(ROOT, dirname(document), target)))).toEqual([]);
});

it.each(documents)('every file of the project that %s names exists', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const named = [...text.matchAll(/`((?:apps|libs|test|tools|deploy|docs)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  // A path may name the output of a command.
  expect(named.filter((path) => !path.includes('/dist/') && !existsSync(join(ROOT, path)))).toEqual([]);
});

it.each(documents)('every command of npm that %s names is one', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  const named = [...text.matchAll(/npm run ([\w:-]+)(?![\w:-]| --workspace)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});
