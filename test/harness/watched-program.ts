import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** A program that runs until it is stopped, and what it has printed so far. */
export class WatchedProgram {
  stdout = '';
  stderr = '';
  /** Settles when it has ended. */
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcessWithoutNullStreams;

  /** @param env over the process's own; undefined takes a variable away */
  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) {
    this.child = spawn(program, args, { env: { ...process.env, ...env } });
    this.child.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.stdout += chunk));
    this.child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk));
    const killAtExit = (): void => void this.child.kill('SIGKILL');
    process.on('exit', killAtExit);
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => {
        process.off('exit', killAtExit);
        resolve(code);
      });
    });
  }

  /** The lines that are complete and JSON documents. */
  documents<T>(): T[] {
    const lines = this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1).split('\n');
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as T);
  }

  /** Asks it to end, as Ctrl-C does. */
  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
