import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './embedded-servers.js';
import { isMissingProgram, type ProgramOptions, type ProgramResult, runProgram } from './program.js';
import { REPOSITORY } from './repository.js';

const REQUIREMENTS = join(REPOSITORY, 'test', 'conformance', 'requirements.txt');

/** What pip says where it cannot speak with the package index at all; anything else is a fault of ours. */
const NO_INDEX = /after connection broken by|\(from versions: none\)|Network is unreachable|No module named pip/;

/** A Python with the packages of a requirements file. */
export interface PythonEnvironment {
  /** The interpreter. */
  readonly python: string;
  /**
   * Runs a script to its end, whatever the end is.
   * @param script a path; or `-m` or `-c`, as the interpreter takes them
   * @param env over the process's own
   * @param options its folder, and milliseconds until it is killed
   */
  run(
    script: string,
    args: readonly string[],
    env?: Readonly<Record<string, string | undefined>>,
    options?: Pick<ProgramOptions, 'cwd' | 'timeout'>,
  ): Promise<ProgramResult>;
}

/** Why there is none: the tests that need it have to be skipped, aloud. */
export interface Missing {
  readonly missing: string;
}

/**
 * Makes the environment, once for each version of the requirements; the cache folder keeps it. Test files that run side
 * by side may both make it: the first one's stays.
 * @param requirements a file as pip takes it; default `test/conformance/requirements.txt`
 * @returns why not, where there is no Python or no package index; it is printed, too
 * @throws {Error} when it cannot be made for any other reason
 */
export async function pythonEnvironment(requirements = REQUIREMENTS): Promise<PythonEnvironment | Missing> {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const folder = join(cacheDirectory(), 'python', hash);
  if (!existsSync(folder)) {
    const reason = await make(folder, requirements);
    if (reason !== undefined) return missing(reason);
  }
  const python = join(folder, 'bin', 'python');
  return {
    python,
    run: (script, args, env = {}, options = {}) => runProgram(python, [script, ...args], { env, ...options }),
  };
}

/** Says aloud why tests are skipped. */
export function missing(reason: string): Missing {
  process.stderr.write(`\nSkipped: ${reason}\n`);
  return { missing: reason };
}

/** @returns why it cannot be had here */
async function make(folder: string, requirements: string): Promise<string | undefined> {
  mkdirSync(join(folder, '..'), { recursive: true });
  // It takes its name when it is complete. Python finds itself wherever it stands; only the scripts of bin/ do not.
  const partial = mkdtempSync(`${folder}.`);
  try {
    const venv = await runProgram('python3', ['-m', 'venv', partial]);
    if (/ensurepip is not|No module named venv/.test(venv.stdout + venv.stderr)) {
      return 'this Python has no venv (on Debian: the package python3-venv)';
    }
    demand(venv, 'python3 -m venv');
    const pip = await runProgram(join(partial, 'bin', 'python'), [
      ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '2'],
      ...['--requirement', requirements],
    ]);
    if (pip.code !== 0 && NO_INDEX.test(pip.stderr))
      return `the package index of Python is out of reach: ${pip.stderr}`;
    demand(pip, 'pip install');
    renameSync(partial, folder);
    return undefined;
  } catch (error) {
    if (isMissingProgram(error)) return 'there is no python3 on the PATH';
    // Somebody else was faster.
    if (existsSync(folder)) return undefined;
    throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function demand({ code, stdout, stderr }: ProgramResult, what: string): void {
  if (code !== 0) throw new Error(`${what} ended with ${code}:\n${stdout}${stderr}`);
}
