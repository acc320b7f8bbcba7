import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './embedded-servers.js';
import { isMissingProgram, runProgram } from './program.js';

/**
 * Unpacks packages of Debian into the cache folder, without installing them; what is there already stays.
 * @param packages the program's first, then the libraries that it needs beside those of every Debian
 * @returns the folder in which they lie as in `/`; or why they cannot be had
 * @throws {Error} when they are there and cannot be unpacked
 */
export async function debianPackages(packages: readonly string[]): Promise<{ folder: string } | { reason: string }> {
  const folder = join(cacheDirectory(), packages.join('+'));
  if (existsSync(folder)) return { folder };
  mkdirSync(join(folder, '..'), { recursive: true });
  const partial = mkdtempSync(`${folder}.`);
  try {
    const fetched = await runProgram('apt-get', ['download', ...packages], { cwd: partial });
    const files = readdirSync(partial).filter((name) => name.endsWith('.deb'));
    if (fetched.code !== 0 || files.length < packages.length) {
      return { reason: `Debian's ${packages.join(', ')} cannot be had: ${fetched.stderr}` };
    }
    const tree = join(partial, 'tree');
    for (const file of files) {
      const unpacked = await runProgram('dpkg-deb', ['--extract', join(partial, file), tree]);
      if (unpacked.code !== 0) throw new Error(`dpkg-deb ended with ${unpacked.code}: ${unpacked.stderr}`);
    }
    renameSync(tree, folder);
    return { folder };
  } catch (error) {
    if (isMissingProgram(error)) return { reason: `there is no apt-get to fetch ${packages.join(', ')} with` };
    // Somebody else was faster.
    if (existsSync(folder)) return { folder };
    throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
