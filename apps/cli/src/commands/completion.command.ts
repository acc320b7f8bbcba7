import { Argument, Option, type Command } from 'commander';
import { candidatesFor } from '../completion/candidates.js';
import { knownValues } from '../completion/known-values.js';
import { SHELL_SCRIPTS, type Shell } from '../completion/shell-scripts.js';
import type { CommandLine } from '../command-line.js';
import { CommandFailure } from '../command-failure.js';

const SHELLS = Object.keys(SHELL_SCRIPTS);

/** `tidings completion`: the script that lets a shell complete our commands. */
export function completionCommand(line: CommandLine): Command {
  const command = line.command('completion', {
    summary: 'Print a script that completes commands, options, names and event types',
    details:
      'It needs `tidings` on the PATH: from a checkout, ln -s "$PWD/apps/cli/bin/tidings.mjs" ~/.local/bin/tidings',
    examples: [
      'eval "$(tidings completion bash)"               # in ~/.bashrc',
      'eval "$(tidings completion zsh)"                # in ~/.zshrc, after compinit',
      'tidings completion fish > ~/.config/fish/completions/tidings.fish',
    ],
  });
  return command
    .addArgument(new Argument('[shell...]', SHELLS.join(', ')))
    .addOption(new Option('--for', 'print the completions of the last word').hideHelp())
    .action(async (words: readonly string[], options: { readonly for?: boolean }) => {
      if (options.for === true) {
        const program = command.parent ?? command;
        const candidates = await candidatesFor(
          program,
          words,
          knownValues(() => line.connect({})),
        );
        for (const candidate of candidates) await line.out.line(candidate);
        return;
      }
      const [shell = '', ...more] = words;
      if (!isShell(shell) || more.length > 0) {
        throw new CommandFailure('usage', `Name one shell: ${SHELLS.join(', ')}`);
      }
      await line.out.print(SHELL_SCRIPTS[shell]);
    });
}

function isShell(name: string): name is Shell {
  return SHELLS.includes(name);
}
