import type { Command } from 'commander';
import type { CommandLine } from './command-line.js';
import { catalogueCommand } from './commands/catalogue.command.js';
import { completionCommand } from './commands/completion.command.js';
import { connectorsCommand } from './commands/connectors.command.js';
import { deadLettersCommand } from './commands/dead-letters.command.js';
import { deliveriesCommand } from './commands/deliveries.command.js';
import { destinationsCommand } from './commands/destinations.command.js';
import { doctorCommand } from './commands/doctor.command.js';
import { eventsCommand } from './commands/events.command.js';
import { publishCommand } from './commands/publish.command.js';
import { sourcesCommand } from './commands/sources.command.js';
import { subscriptionsCommand } from './commands/subscriptions.command.js';
import { tailCommand } from './commands/tail.command.js';
import { tokensCommand } from './commands/tokens.command.js';
import { topicsCommand } from './commands/topics.command.js';
import { upCommand } from './commands/up.command.js';
import { EXIT_CODES } from './exit-codes.js';
import { ownVersion } from './own-version.js';

const COMMANDS = [
  upCommand,
  publishCommand,
  tailCommand,
  eventsCommand,
  catalogueCommand,
  sourcesCommand,
  topicsCommand,
  destinationsCommand,
  subscriptionsCommand,
  deliveriesCommand,
  deadLettersCommand,
  connectorsCommand,
  tokensCommand,
  doctorCommand,
  completionCommand,
] as const;

/** Everything that `tidings` can do. */
export function createProgram(line: CommandLine): Command {
  const program = line
    .command('tidings', {
      summary: 'The command line of Tidings, an event bus for the life-cycle events of many systems',
      examples: [
        'tidings up                                      # everything on this machine, as npm start',
        'tidings tail --system lxd --pretty              # what happens, as it happens',
        'tidings publish ProjectCreated --data \'{"project_key": "DEMO"}\'',
        'tidings events --outcome failed --since 2h',
        'tidings doctor                                  # what is missing, and how to get it',
      ],
    })
    .usage('<command> [options]')
    .version(ownVersion(), '-V, --version', 'say which version this is')
    .enablePositionalOptions()
    .helpCommand('help [command]', 'say what a command does')
    .addHelpText('after', () => `${environmentText(line)}\n${exitText(line)}`);
  for (const make of COMMANDS) program.addCommand(make(line));
  return program;
}

function environmentText({ out: { colours } }: CommandLine): string {
  return [
    colours.bold('Environment:'),
    '  TIDINGS_URL      where Tidings is; http://127.0.0.1:4100 without it',
    '  TIDINGS_TOKEN    the token to show; without it, on this machine, the admin token of the data directory',
    '  TIDINGS_DATA_DIR that directory; .tidings without it',
    '  NO_COLOR         no colours on a terminal either; FORCE_COLOR=1: colours everywhere',
    '',
  ].join('\n');
}

function exitText({ out: { colours } }: CommandLine): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return [colours.bold('Exit codes:'), ...lines, ''].join('\n');
}
