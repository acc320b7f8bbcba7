import { CommanderError } from 'commander';
import { CommandFailure } from './command-failure.js';
import { CommandLine } from './command-line.js';
import { EXIT_CODES } from './exit-codes.js';
import { createProgram } from './program.js';
import { readSurroundings } from './surroundings.js';

/**
 * Runs one command in this process, on its standard streams.
 * @param words what was typed behind the program's name
 * @returns the exit code
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  endWithReader();
  const line = new CommandLine(readSurroundings(), process.stdin, process.stdout, process.stderr);
  try {
    await createProgram(line).parseAsync([...words], { from: 'user' });
    return EXIT_CODES.ok.code;
  } catch (error) {
    // Commander has said already what is wrong with the words.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
    const { colours } = line.err;
    if (!(error instanceof CommandFailure)) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      await line.err.line(`${colours.red('This is a fault of tidings itself:')} ${text}`);
      return EXIT_CODES.failed.code;
    }
    await line.err.line(`${colours.red('error:')} ${error.message}`);
    for (const advice of error.advice) await line.err.line(`  ${advice}`);
    return error.code;
  }
}

/** Whoever reads us may have seen enough (`| head`): that is no failure, and no matter for a stack trace. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT_CODES.ok.code);
    throw error;
  });
  process.stderr.on('error', () => undefined);
}
