import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transform } from '@swc/core';
import { temporaryFolder } from './embedded-servers.js';
import { REPOSITORY } from './repository.js';

/** A package of a team, as it is installed somewhere else. */
export interface TeamPackage {
  /** Where somebody installed it, among the packages of a folder of his. */
  readonly home: string;
  /** Its own folder. */
  readonly folder: string;
  readonly name: string;
  remove(): void;
}

const NAME = '@acme/shop-events';

/**
 * Compiles test/teams/shop and installs it in a folder of its own, with copies of its own of @tidings/catalogue and of
 * class-validator: nothing that it makes is an instance of what Tidings itself imports. `tools/build.mjs` has to have run.
 */
export async function installShopPackage(): Promise<TeamPackage> {
  const home = temporaryFolder();
  const folder = join(home, 'node_modules', NAME);
  const sources = join(REPOSITORY, 'test', 'teams', 'shop');
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(sources)) {
    const { code } = await transform(readFileSync(join(sources, file), 'utf8'), {
      filename: file,
      swcrc: false,
      configFile: false,
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
      module: { type: 'es6' },
    });
    writeFileSync(join(folder, file.replace(/\.ts$/, '.js')), code);
  }
  const manifest = { name: NAME, version: '1.0.0', type: 'module', exports: { '.': { import: './index.js' } } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  installCopy(home, 'class-validator', join(REPOSITORY, 'node_modules', 'class-validator'));
  installCopy(home, '@tidings/catalogue', join(REPOSITORY, 'libs', 'catalogue'));
  return { home, folder, name: NAME, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** A real copy, so that it is another module; what it needs itself may as well be ours. */
function installCopy(home: string, name: string, from: string): void {
  const to = join(home, 'node_modules', name);
  for (const part of ['package.json', 'dist', 'cjs']) {
    if (existsSync(join(from, part))) cpSync(join(from, part), join(to, part), { recursive: true });
  }
  const { dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as {
    dependencies?: Readonly<Record<string, string>>;
  };
  for (const needed of Object.keys(dependencies)) link(home, needed, from);
}

function link(home: string, name: string, from: string): void {
  const target = join(home, 'node_modules', name);
  const installed = [join(from, 'node_modules', name), join(REPOSITORY, 'node_modules', name)];
  const found = installed.find((folder) => existsSync(join(folder, 'package.json')));
  if (found === undefined || existsSync(join(target, 'package.json'))) return;
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(found, target);
}
