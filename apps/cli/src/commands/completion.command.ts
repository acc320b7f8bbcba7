import { Argument, Option, type Command } from 'commander';
import { candidatesFor } from '../completion/candidates.js';
import { SHELL_SCRIPTS, type Shell } from '../completion/shell-scripts.js';
import type { CommandLine } from '../command-line.js';
import { CommandFailure } from '../command-failure.js';

const SHELLS = Object.keys(SHELL_SCRIPTS);

/** `tidings completion`: what a shell needs to complete our commands. */
export function completionCommand(line: CommandLine): Command {
  const command = line.command('completion', {
    summary: 'Print what lets a shell complete commands and options',
    details: 'It is for a `tidings` that the shell finds on its PATH.',
    examples: [
      'eval "$(tidings completion bash)"               # in ~/.bashrc',
      'eval "$(tidings completion zsh)"                # in ~/.zshrc, behind compinit',
      'tidings completion fish > ~/.config/fish/completions/tidings.fish',
    ],
  });
  return command
    .addArgument(new Argument('[words...]', SHELLS.join(', ')))
    .addOption(new Option('--for', 'say what the last of the words may become').hideHelp())
    .action(async (words: readonly string[], options: { readonly for?: boolean }) => {
      if (options.for === true) {
        const program = command.parent ?? command;
        for (const candidate of candidatesFor(program, words)) await line.out.line(candidate);
        return;
      }
      const [shell = '', ...more] = words;
      if (!isShell(shell) || more.length > 0) {
        throw new CommandFailure('usage', 'Which shell is it?', [`One of ${SHELLS.join(', ')}.`]);
      }
      await line.out.print(SHELL_SCRIPTS[shell]);
    });
}

function isShell(name: string): name is Shell {
  return SHELLS.includes(name);
}
