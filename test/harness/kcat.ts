import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { debianPackages } from './debian-packages.js';
import { isMissingProgram, runProgram } from './program.js';
import { type Missing, missing } from './python-environment.js';

/**
 * Finds kcat: the one on the PATH, or the one of Debian's package, unpacked into the cache folder.
 * @returns the variables with which it is found under its name; or why there is none, which is printed, too
 * @throws {Error} when the packages are there and cannot be unpacked
 */
export async function kcatVariables(): Promise<{ readonly env: Readonly<Record<string, string>> } | Missing> {
  if (await isOnThePath()) return { env: {} };
  const found = await debianPackages(['kcat', 'librdkafka1', 'libyajl2']);
  if ('reason' in found) return missing(found.reason);
  const libraries = join(found.folder, 'usr', 'lib');
  return {
    env: {
      PATH: `${join(found.folder, 'usr', 'bin')}:${process.env['PATH'] ?? ''}`,
      // Debian keeps them one level down, by the processor's name.
      LD_LIBRARY_PATH: readdirSync(libraries)
        .map((folder) => join(libraries, folder))
        .join(':'),
    },
  };
}

async function isOnThePath(): Promise<boolean> {
  try {
    return (await runProgram('kcat', ['-V'])).code === 0;
  } catch (error) {
    if (isMissingProgram(error)) return false;
    throw error;
  }
}
