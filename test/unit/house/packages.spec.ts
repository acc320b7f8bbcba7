import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOMS } from '../../../tools/import-table.mjs';

const ROOT = join(import.meta.dirname, '../../..');

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly version?: string;
  readonly license?: string;
  readonly engines?: Versions;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly optionalDependencies?: Versions;
  readonly resolved?: string;
}

function json<T>(path: string): T {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as T;
}

const { packages: locked } = json<{ packages: Readonly<Record<string, Manifest>> }>('package-lock.json');

/** Looks a package up as Node does: beside the one that needs it, then further up. */
function isLocked(name: string, from: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const path = `${folder}${folder === '' ? '' : '/'}node_modules/${name}`;
    if (path in locked) return true;
    if (folder === '') return false;
  }
}

it('package-lock.json has what is optional on other platforms too, or npm ci refuses it', () => {
  const missing = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(name, path)),
  );
  expect(missing).toEqual([]);
});

it('package-lock.json names no registry', () => {
  const addresses = Object.values(locked).map(({ resolved = '' }) => resolved);
  expect(addresses.filter((address) => /^[a-z+]+:/.test(address))).toEqual([]);
});

it.each(['.', ...ROOMS.map(({ folder }) => folder)])('%s/package.json takes exact versions', (folder) => {
  const manifest = json<Manifest>(join(folder, 'package.json'));
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const versions = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  expect(manifest.license).toBe('Apache-2.0');
});
