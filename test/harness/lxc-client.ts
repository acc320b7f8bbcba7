import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './embedded-servers.js';
import { isMissingProgram, runProgram } from './program.js';
import { type Missing, missing } from './python-environment.js';

const PACKAGE = 'lxd-client';

/**
 * Finds LXD's command line client: the one on the PATH, or the one of Debian's package, unpacked into the cache folder
 * without being installed.
 * @returns the path of `lxc`; or why there is none, which is printed, too
 * @throws {Error} when the package is there and cannot be unpacked
 */
export async function lxcClient(): Promise<{ readonly lxc: string } | Missing> {
  // There are other programs of this name: LXC's own tools are called lxc-something, but wrappers exist.
  if (await isLxc('lxc')) return { lxc: 'lxc' };
  const folder = join(cacheDirectory(), PACKAGE);
  const lxc = join(folder, 'usr', 'bin', 'lxc');
  if (!existsSync(lxc)) {
    const reason = await unpack(folder);
    if (reason !== undefined) return missing(reason);
  }
  return { lxc };
}

async function isLxc(program: string): Promise<boolean> {
  try {
    const { code, stdout } = await runProgram(program, ['monitor', '--help']);
    return code === 0 && stdout.includes('lxc monitor');
  } catch (error) {
    if (isMissingProgram(error)) return false;
    throw error;
  }
}

async function unpack(folder: string): Promise<string | undefined> {
  mkdirSync(join(folder, '..'), { recursive: true });
  const partial = mkdtempSync(`${folder}.`);
  try {
    const fetched = await runProgram('apt-get', ['download', PACKAGE], { cwd: partial });
    const deb = readdirSync(partial).find((name) => name.endsWith('.deb'));
    if (fetched.code !== 0 || deb === undefined) return `Debian's ${PACKAGE} cannot be had: ${fetched.stderr}`;
    const tree = join(partial, 'tree');
    const unpacked = await runProgram('dpkg-deb', ['--extract', join(partial, deb), tree]);
    if (unpacked.code !== 0) throw new Error(`dpkg-deb ended with ${unpacked.code}: ${unpacked.stderr}`);
    renameSync(tree, folder);
    return undefined;
  } catch (error) {
    if (isMissingProgram(error)) return `there is no lxc on the PATH, and no apt-get to fetch ${PACKAGE} with`;
    if (existsSync(folder)) return undefined;
    throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
