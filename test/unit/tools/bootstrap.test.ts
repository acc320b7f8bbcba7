import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNode, isInstalled } from '../../../tools/bootstrap.mjs';

it.each(['20.19.0', '20.20.2', '22.0.0', '25.1.0'])('runs on Node %s', (version) => {
  expect(() => checkNode(version)).not.toThrow();
});

it.each(['20.18.3', '18.20.0', '9.11.2'])('says what it needs on Node %s', (version) => {
  expect(() => checkNode(version)).toThrow(`Tidings needs Node.js 20.19 or newer; this is ${version}.`);
});

describe('isInstalled', () => {
  let root: string;
  const lockfile = {
    packages: {
      '': {},
      'libs/one': { version: '0.1.0' },
      'node_modules/@tidings/one': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/for-another-system': { version: '1.0.0', optional: true },
      'libs/one/node_modules/a': { version: '2.0.0' },
    },
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tidings-install-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** What npm leaves behind: folders, and a record of them. */
  function install(packages: Readonly<Record<string, { version?: string }>>): void {
    for (const path of Object.keys(packages)) mkdirSync(join(root, path), { recursive: true });
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
  }
  const installed = {
    'node_modules/@tidings/one': {},
    'node_modules/a': { version: '1.0.0' },
    'libs/one/node_modules/a': { version: '2.0.0' },
  };

  it('is so where every package is there but those of other systems', () => {
    install(installed);
    expect(isInstalled(lockfile, root)).toBe(true);
  });

  it('is not so where there is nothing', () => {
    expect(isInstalled(lockfile, root)).toBe(false);
  });

  it('is not so where a package is missing, has another version, or was removed by hand', () => {
    install({ 'node_modules/@tidings/one': {}, 'node_modules/a': { version: '1.0.0' } });
    expect(isInstalled(lockfile, root)).toBe(false);
    install({ ...installed, 'node_modules/a': { version: '1.0.1' } });
    expect(isInstalled(lockfile, root)).toBe(false);
    install(installed);
    rmSync(join(root, 'node_modules', 'a'), { recursive: true });
    expect(isInstalled(lockfile, root)).toBe(false);
  });
});
