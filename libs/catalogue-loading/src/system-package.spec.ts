import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Catalogue } from '@tidings/catalogue';
import { StartError } from '@tidings/settings';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogues } from './load-catalogues.js';
import { loadSystems } from './system-package.js';

let folder: string;

const FILES = {
  'plain/index.mjs': 'export const systems = [{ name: "plain" }];',
  'modern/package.json': '{ "name": "modern", "type": "module", "exports": { "import": "./lib.js" } }',
  'modern/lib.js': 'export const systems = [{ name: "modern" }];',
  'older/package.json': '{ "name": "older", "main": "dist/main.js" }',
  'older/dist/main.js': 'module.exports = Object.fromEntries([["systems", [{ name: "older" }]]]);',
  'node_modules/@acme/events/package.json':
    '{ "name": "@acme/events", "type": "module", "exports": { ".": { "import": "./index.js" } } }',
  'node_modules/@acme/events/index.js': 'export const systems = [{ name: "installed" }];',
  'unbuilt/package.json': '{ "name": "unbuilt", "exports": "./dist/index.js" }',
  'broken/index.mjs': 'throw new Error("no connection to the registry of names");',
  'single/index.mjs': 'export const system = { name: "single" };',
  'empty/index.mjs': 'export const systems = [];',
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-catalogues-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the systems of a package', () => {
  it.each([
    ['a module by its path', './plain/index.mjs', 'plain'],
    ['a folder whose package.json has exports', './modern', 'modern'],
    ['a folder whose package.json has a CommonJS main', './older', 'older'],
    ['a package by its name', '@acme/events', 'installed'],
  ])('are found in %s', async (_what, given, name) => {
    expect(await loadSystems(given, folder)).toEqual([{ name }]);
  });

  it('are found by an absolute path, wherever the process runs', async () => {
    expect(await loadSystems(join(folder, 'modern'), '/')).toEqual([{ name: 'modern' }]);
  });

  it.each([
    ['NOT_FOUND', './nowhere', /there is no .*nowhere$/],
    ['NOT_FOUND', '@acme/none', /cannot be found from .*; install it there, or give its path/],
    ['NOT_FOUND', './unbuilt', /leads to no module; is it built\?/],
    ['BROKEN', './broken/index.mjs', /cannot be loaded: no connection to the registry of names/],
    ['NO_SYSTEMS', './single/index.mjs', /write `export const systems/],
    ['NO_SYSTEMS', './empty/index.mjs', /exports no systems/],
  ])('are refused with %s for %s', async (code, given, message) => {
    const failing = loadSystems(given, folder);
    await expect(failing).rejects.toMatchObject({ code, given, retriable: false });
    await expect(failing).rejects.toThrow(message);
  });
});

describe('the catalogues of the environment', () => {
  it('are none unless it names some; then the catalogue has not even been looked at', async () => {
    const catalogue = new Catalogue([]);
    await loadCatalogues({ catalogues: [] }, catalogue);
    expect(() => catalogue.extend([])).not.toThrow();
  });

  it('stop the start in one line that names the field, where a system is declared wrongly', async () => {
    const failing = loadCatalogues({ catalogues: [join(folder, 'plain/index.mjs')] }, new Catalogue([]));
    await expect(failing).rejects.toBeInstanceOf(StartError);
    await expect(failing).rejects.toThrow(/^TIDINGS_CATALOGUES: a system is declared wrongly: plain\.title must be/);
  });
});
