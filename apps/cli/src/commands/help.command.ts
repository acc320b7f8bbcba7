import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';

/** `tidings help`: the help of a command, as `--help` behind it shows it. */
export function helpCommand(line: CommandLine): Command {
  const command = line.command('help', {
    summary: 'Show the help of a command',
    examples: ['tidings help events', 'tidings help topics create'],
  });
  return command.argument('[command...]', 'the command, all commands without it').action((words: readonly string[]) => {
    let at = command.parent ?? command;
    for (const [index, word] of words.entries()) {
      const next = at.commands.find((one) => one.name() === word);
      if (next === undefined) {
        throw new CommandFailure('usage', `There is no command \`tidings ${words.slice(0, index + 1).join(' ')}\``, [
          `Commands: ${at.commands.map((one) => one.name()).join(', ')}`,
        ]);
      }
      at = next;
    }
    at.outputHelp();
  });
}
