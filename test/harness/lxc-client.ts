import { join } from 'node:path';
import { debianPackages } from './debian-packages.js';
import { isMissingProgram, runProgram } from './program.js';
import { type Missing, missing } from './python-environment.js';

/**
 * Finds LXD's command line client: the one on the PATH, or the one of Debian's package, unpacked into the cache folder
 * without being installed.
 * @returns the path of `lxc`; or why there is none, which is printed, too
 * @throws {Error} when the package is there and cannot be unpacked
 */
export async function lxcClient(): Promise<{ readonly lxc: string } | Missing> {
  // There are other programs of this name: LXC's own tools are called lxc-something, but wrappers exist.
  if (await isLxc('lxc')) return { lxc: 'lxc' };
  const found = await debianPackages(['lxd-client']);
  return 'reason' in found ? missing(found.reason) : { lxc: join(found.folder, 'usr', 'bin', 'lxc') };
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
