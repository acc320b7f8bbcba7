import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolve as resolveModule } from 'import-meta-resolve';
import { CatalogueLoadError } from './catalogue-load-error.js';

/**
 * Imports the systems of a package: the array `systems` that it exports. What is in it has not been looked at yet, and
 * may be made with another copy of the catalogue.
 * @param given the name of a package, or the path of a package's folder or of a module
 * @param folder where paths begin, and where packages are looked for first; after that, where Tidings is installed
 * @throws {CatalogueLoadError}
 */
export async function loadSystems(given: string, folder: string = process.cwd()): Promise<readonly unknown[]> {
  const address = isPath(given) ? addressOfPath(given, folder) : addressOfPackage(given, folder);
  let loaded: LoadedModule;
  try {
    loaded = (await import(address)) as LoadedModule;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CatalogueLoadError('BROKEN', given, `: ${reason}`, { cause: error });
  }
  // Of a CommonJS module whose exports Node could not tell by reading it, the default has them.
  const systems: unknown = loaded.systems ?? loaded.default?.systems;
  if (!Array.isArray(systems) || systems.length === 0) throw new CatalogueLoadError('NO_SYSTEMS', given, '');
  return systems as readonly unknown[];
}

interface LoadedModule {
  readonly systems?: unknown;
  readonly default?: { readonly systems?: unknown };
}

function isPath(given: string): boolean {
  return isAbsolute(given) || /^\.{1,2}([/\\]|$)/.test(given);
}

function addressOfPackage(given: string, folder: string): string {
  const found = [pathToFileURL(join(folder, 'package.json')).href, import.meta.url]
    .map((parent) => resolved(given, parent))
    .find((address) => address !== undefined);
  if (found !== undefined) return found;
  throw new CatalogueLoadError('NOT_FOUND', given, ` from ${folder}; install it there, or give its path`);
}

function addressOfPath(given: string, folder: string): string {
  const path = resolve(folder, given);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new CatalogueLoadError('NOT_FOUND', given, `: there is no ${path}`);
  const address = found.isDirectory() ? addressOfFolder(path) : pathToFileURL(path).href;
  if (address !== undefined) return address;
  throw new CatalogueLoadError('NOT_FOUND', given, `: the package.json in ${path} leads to no module; is it built?`);
}

/** Node imports no folders; but a package may import itself by its name, and an older one says its `main`. */
function addressOfFolder(folder: string): string | undefined {
  const manifest = join(folder, 'package.json');
  try {
    const { name, exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string; exports?: unknown };
    if (exports !== undefined && name !== undefined) return resolved(name, pathToFileURL(manifest).href);
    return pathToFileURL(createRequire(manifest).resolve(folder)).href;
  } catch {
    return undefined;
  }
}

function resolved(name: string, parent: string): string | undefined {
  try {
    const address = resolveModule(name, parent);
    return statSync(new URL(address), { throwIfNoEntry: false })?.isFile() === true ? address : undefined;
  } catch {
    return undefined;
  }
}
