import { spawn } from 'node:child_process';

/** How a program ended and what it printed. */
export interface ProgramResult {
  /** Null: a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** Over the process's own; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Written to its standard input. */
  readonly input?: string;
  /** Milliseconds until it is killed. */
  readonly timeout?: number;
}

/**
 * Runs a program to its end, whatever the end is.
 * @throws {Error} with the code `ENOENT` where there is no such program
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env, cwd, input, timeout = 300_000 }: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      timeout,
      killSignal: 'SIGKILL',
      ...(cwd !== undefined && { cwd }),
    });
    const killAtExit = (): void => void child.kill('SIGKILL');
    process.on('exit', killAtExit);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    // A program may end before it has read everything.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    child.once('error', (error) => {
      process.off('exit', killAtExit);
      reject(error);
    });
    child.once('close', (code) => {
      process.off('exit', killAtExit);
      resolve({ code, stdout, stderr });
    });
  });
}

/** Whether an error says that there is no such program. */
export function isMissingProgram(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
