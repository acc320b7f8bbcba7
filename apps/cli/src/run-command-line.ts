import { CommanderError } from 'commander';
import { CommandFailure } from './command-failure.js';
import { CommandLine } from './command-line.js';
import { EXIT_CODES } from './exit-codes.js';
import { createProgram } from './program.js';
import { readCliEnvironment } from './cli-environment.js';

/**
 * Runs one command in this process, on its standard streams.
 * @param words what was typed behind the program's name
 * @returns the exit code
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  endWithReader();
  const line = new CommandLine(readCliEnvironment(), process.stdin, process.stdout, process.stderr);
  try {
    await createProgram(line).parseAsync([...words], { from: 'user' });
    return EXIT_CODES.ok.code;
  } catch (error) {
    // Commander has printed already what is wrong with the words.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
    const { colours } = line.err;
    if (!(error instanceof CommandFailure)) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      await line.err.line(`${colours.red('This is a bug in tidings:')} ${text}`);
      return EXIT_CODES.failed.code;
    }
    await line.err.line(`${colours.red('error:')} ${error.message}`);
    for (const advice of error.advice) await line.err.line(`  ${advice}`);
    return error.code;
  }
}

/** A reader that has seen enough (`| head`) closes the pipe: no failure, and no stack trace. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT_CODES.ok.code);
    throw error;
  });
  process.stderr.on('error', () => undefined);
}
