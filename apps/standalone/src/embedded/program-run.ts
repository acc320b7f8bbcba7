import { spawn } from 'node:child_process';

export interface ProgramOptions {
  readonly cwd?: string;
  readonly ids?: { readonly uid: number; readonly gid: number } | undefined;
  /** Given to it on its standard input. */
  readonly input?: string;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** When to end it, milliseconds. */
  readonly timeoutMs?: number;
}

export interface ProgramResult {
  /** Null when a signal has ended it. */
  readonly code: number | null;
  /** What it wrote on both streams. */
  readonly output: string;
}

/**
 * Runs a program to its end.
 *
 * @throws {NodeJS.ErrnoException} when it cannot be started, `ENOENT` where it is not there; the signal's reason when it
 *   was given up, not before the program has ended
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { cwd, ids, input = '', signal, timeoutMs }: ProgramOptions = {},
): Promise<ProgramResult> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'], timeout: timeoutMs, ...ids });
    const end = (): void => void child.kill('SIGTERM');
    signal?.addEventListener('abort', end, { once: true });
    let output = '';
    const append = (chunk: string): void => void (output += chunk);
    child.stdout.setEncoding('utf8').on('data', append);
    child.stderr.setEncoding('utf8').on('data', append);
    child.once('error', reject);
    child.once('close', (code) => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted === true) reject(signal.reason as Error);
      else resolve({ code, output });
    });
    // A program that ends before it has read its input breaks the pipe; its exit code says more than that.
    child.stdin.on('error', () => undefined).end(input);
  });
}
