import type { Readable } from 'node:stream';
import { Command, Help, Option } from 'commander';
import { ApiClient } from './api/api-client.js';
import { CommandFailure } from './command-failure.js';
import { connectionOf, type ConnectionOptions } from './api/connection.js';
import { Printer, type PrintStream } from './output/printer.js';
import type { Surroundings } from './surroundings.js';

const HELP_WIDTH = 100;
const SERVER = 'Server:';

/** What commands work with. */
export class CommandLine {
  readonly out: Printer;
  readonly err: Printer;

  constructor(
    readonly surroundings: Surroundings,
    readonly stdin: Readable & { readonly isTTY?: boolean },
    private readonly stdout: PrintStream,
    private readonly stderr: PrintStream,
  ) {
    this.out = new Printer(stdout, surroundings.colours);
    this.err = new Printer(stderr, surroundings.colours);
  }

  /** Makes a command, with what all commands have. */
  command(name: string, { summary, details, examples }: CommandText): Command {
    const { colours } = this.out;
    return new Command(name)
      .description(details === undefined ? `${summary}.` : `${summary}. ${details}`)
      .summary(summary)
      .exitOverride()
      .helpOption('-h, --help', 'say what the command does')
      .configureOutput({
        writeOut: (text) => void this.stdout.write(text),
        writeErr: (text) => void this.stderr.write(text),
        getOutHelpWidth: () => Math.min(this.out.width ?? HELP_WIDTH, HELP_WIDTH),
        getErrHelpWidth: () => Math.min(this.err.width ?? HELP_WIDTH, HELP_WIDTH),
        getOutHasColors: () => this.out.colours.isColorSupported,
        getErrHasColors: () => this.err.colours.isColorSupported,
      })
      .configureHelp({
        styleTitle: (title) => colours.bold(title),
        // What is the same for all commands comes last.
        groupItems: (all, visible, groupOf) =>
          new Help().groupItems(
            all.toSorted((one, other) => Number(groupOf(one) === SERVER) - Number(groupOf(other) === SERVER)),
            visible,
            groupOf,
          ),
      })
      .addHelpText('after', () => `\n${colours.bold('Examples:')}\n${examples.map((one) => `  ${one}\n`).join('')}`);
  }

  /** The same for a command that speaks to a server. */
  serverCommand(name: string, text: CommandText): Command {
    return this.command(name, text)
      .addOption(new Option('--url <url>', 'where Tidings is (TIDINGS_URL)').helpGroup(SERVER))
      .addOption(new Option('--token <token>', 'as whom; TIDINGS_TOKEN keeps it out of sight').helpGroup(SERVER));
  }

  /** A command that only holds others. @param chosen the one that is meant where none is named */
  group(name: string, text: CommandText, commands: readonly Command[], chosen?: Command): Command {
    const group = this.command(name, text);
    for (const one of commands) group.addCommand(one, { isDefault: one === chosen });
    // A misspelt command would be taken for an argument of the one that is meant where none is named.
    chosen?.allowExcessArguments(true).hook('preAction', (_, { args: [word] }) => {
      if (word === undefined) return;
      const names = commands.map((one) => one.name()).join(', ');
      throw new CommandFailure('usage', `There is no command \`tidings ${name} ${word}\``, [`There are: ${names}`]);
    });
    return group;
  }

  /** @throws {CommandFailure} where the options or the environment name no server */
  connect(options: ConnectionOptions): ApiClient {
    return new ApiClient(connectionOf(options, this.surroundings));
  }
}

/** What a command says of itself. */
export interface CommandText {
  /** One line, without its full stop. */
  readonly summary: string;
  readonly details?: string;
  readonly examples: readonly string[];
}
