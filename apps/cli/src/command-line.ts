import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import { Command, Help, Option } from 'commander';
import { ApiClient } from './api/api-client.js';
import { connectionOf, type ConnectionOptions } from './api/connection.js';
import type { CliEnvironment } from './cli-environment.js';
import { CommandFailure } from './command-failure.js';
import { optionNamed } from './commands/option-names.js';
import { printable } from './output/printable.js';
import { Printer, type PrintStream } from './output/printer.js';

const HELP_WIDTH = 100;
const CONNECTION = 'Connection:';

/** What commands work with. */
export class CommandLine {
  readonly out: Printer;
  readonly err: Printer;
  /** The command that runs, once its words are read. */
  private running: Command | undefined;

  constructor(
    readonly environment: CliEnvironment,
    readonly stdin: Readable & { readonly isTTY?: boolean },
    private readonly stdout: PrintStream,
    private readonly stderr: PrintStream,
  ) {
    this.out = new Printer(stdout, environment.colours);
    this.err = new Printer(stderr, environment.colours);
  }

  /** Makes a command, with what all commands have. */
  command(name: string, { summary, details, examples }: CommandText): Command {
    const { colours } = this.out;
    return new Command(name)
      .description(details === undefined ? `${summary}.` : `${summary}. ${details}`)
      .summary(summary)
      .exitOverride()
      .hook('preAction', (_, running) => void (this.running = running))
      .helpOption('-h, --help', 'show this help')
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
        groupItems: (all, visible, groupOf) => {
          const groups = new Help().groupItems(all, visible, groupOf);
          // What is the same for all commands comes last.
          const same = groups.get(CONNECTION);
          if (same !== undefined && groups.delete(CONNECTION)) groups.set(CONNECTION, same);
          return groups;
        },
      })
      .addHelpText('after', () => `\n${colours.bold('Examples:')}\n${examples.map((one) => `  ${one}\n`).join('')}`);
  }

  /** The same for a command that calls a server. */
  serverCommand(name: string, text: CommandText): Command {
    return this.command(name, text)
      .addOption(new Option('--url <url>', 'URL of the server (TIDINGS_URL)').helpGroup(CONNECTION))
      .addOption(
        new Option('--token <token>', 'token; TIDINGS_TOKEN keeps it out of the process list').helpGroup(CONNECTION),
      );
  }

  /** A command that only holds others. @param chosen the one that is meant where none is named */
  group(name: string, text: CommandText, commands: readonly Command[], chosen?: Command): Command {
    const group = this.command(name, text).helpCommand('help [command]', 'show the help of a command');
    for (const one of commands) group.addCommand(one, { isDefault: one === chosen });
    // A misspelt command would be taken for an argument of the one that is meant where none is named.
    chosen?.allowExcessArguments(true).hook('preAction', (_, { args: [word] }) => {
      if (word === undefined) return;
      const names = commands.map((one) => one.name()).join(', ');
      throw new CommandFailure('usage', `There is no command \`tidings ${name} ${word}\``, [`Commands: ${names}`]);
    });
    return group;
  }

  /** @throws {CommandFailure} where the options or the environment name no server */
  connect(options: ConnectionOptions): ApiClient {
    return new ApiClient(connectionOf(options, this.environment), (field) => optionNamed(this.running, field));
  }

  /** Prints what was changed: a sentence for a person, and its id alone for a script to go on with. */
  async changed(id: string, sentence: string): Promise<void> {
    await this.out.line(this.out.isTerminal ? printable(sentence) : id);
  }

  /**
   * Asks before something is gone for good.
   * @param what is deleted, and what goes with it, as "the topic x and its subscription y"
   * @param isForced --force: do not ask
   * @throws {CommandFailure} where the answer is not yes, or nobody can be asked
   */
  async confirmDeletion(what: string, isForced: boolean | undefined): Promise<void> {
    if (isForced === true) return;
    if (this.stdin.isTTY !== true || !this.err.isTerminal) {
      throw new CommandFailure('usage', `This deletes ${printable(what)}`, [
        'Add --force to delete without being asked.',
      ]);
    }
    const dialogue = createInterface({ input: this.stdin, output: this.stderr });
    try {
      // Ctrl-C or the end of the input closes it without an answer.
      const closed = once(dialogue, 'close').then(() => '');
      const answer = await Promise.race([dialogue.question(`Delete ${printable(what)}? [y/N] `), closed]);
      if (!/^y(es)?$/i.test(answer.trim())) throw new CommandFailure('failed', 'Nothing was deleted');
    } finally {
      dialogue.close();
    }
  }
}

/** What a command says of itself. */
export interface CommandText {
  /** One line, without its full stop. */
  readonly summary: string;
  readonly details?: string;
  readonly examples: readonly string[];
}
