import { join } from 'node:path';
import { type ProgramResult, runProgram } from '../../harness/program.js';
import { REPOSITORY } from '../../harness/repository.js';
import { WatchedProgram } from '../../harness/watched-program.js';

const PROGRAM = join(REPOSITORY, 'apps', 'cli', 'bin', 'tidings.mjs');

/** What must not reach into a test from whoever runs it. */
const CLEAN = {
  TIDINGS_URL: undefined,
  TIDINGS_TOKEN: undefined,
  TIDINGS_DATA_DIR: undefined,
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
};

/** The command line as whoever has a terminal runs it: a process of its own, from what is built. */
export class TidingsProgram {
  /** @param env what is set for every command */
  constructor(private readonly env: Readonly<Record<string, string | undefined>>) {}

  /** Runs a command to its end. @param input written to its standard input */
  async run(
    args: readonly string[],
    input = '',
    env: Readonly<Record<string, string | undefined>> = {},
    cwd?: string,
  ): Promise<ProgramResult> {
    return runProgram(process.execPath, [PROGRAM, ...args], {
      env: { ...CLEAN, ...this.env, ...env },
      input,
      timeout: 60_000,
      ...(cwd !== undefined && { cwd }),
    });
  }

  /**
   * Runs a command that is expected to work.
   * @returns what it printed, without the last end of line
   * @throws {Error} with what it said, where it does not
   */
  async printed(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, input);
    if (code !== 0) throw new Error(`tidings ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return stdout.trimEnd();
  }

  /** Starts a command that goes on until it is stopped. */
  watch(args: readonly string[], env: Readonly<Record<string, string>> = {}): WatchedProgram {
    return new WatchedProgram(process.execPath, [PROGRAM, ...args], { ...CLEAN, ...this.env, ...env });
  }

  /** Runs lines of shell, in which `tidings` is the command line. @param cwd where; the folder of the test without it */
  async shell(lines: string, cwd?: string): Promise<ProgramResult> {
    const script = `tidings() { "$NODE" "$PROGRAM" "$@"; }\n${lines}`;
    return runProgram('bash', ['-c', script], {
      env: { ...CLEAN, ...this.env, NODE: process.execPath, PROGRAM },
      timeout: 60_000,
      ...(cwd !== undefined && { cwd }),
    });
  }
}
