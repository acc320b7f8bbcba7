import type { Command } from 'commander';
import type { CommandLine } from './command-line.js';
import { auditCommand } from './commands/audit.command.js';
import { catalogueCommand } from './commands/catalogue.command.js';
import { completionCommand } from './commands/completion.command.js';
import { connectorsCommand } from './commands/connectors.command.js';
import { consoleCommand } from './commands/console.command.js';
import { deadLettersCommand } from './commands/dead-letters.command.js';
import { deliveriesCommand } from './commands/deliveries.command.js';
import { destinationsCommand } from './commands/destinations.command.js';
import { doctorCommand } from './commands/doctor.command.js';
import { eventsCommand } from './commands/events.command.js';
import { filtersCommand } from './commands/filters.command.js';
import { helpCommand } from './commands/help.command.js';
import { instancesCommand } from './commands/instances.command.js';
import { publishCommand } from './commands/publish.command.js';
import { sourcesCommand } from './commands/sources.command.js';
import { subscriptionsCommand } from './commands/subscriptions.command.js';
import { tailCommand } from './commands/tail.command.js';
import { templatesCommand } from './commands/templates.command.js';
import { tokensCommand } from './commands/tokens.command.js';
import { topicsCommand } from './commands/topics.command.js';
import { upCommand } from './commands/up.command.js';
import { whoamiCommand } from './commands/whoami.command.js';
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
  templatesCommand,
  filtersCommand,
  deliveriesCommand,
  deadLettersCommand,
  connectorsCommand,
  instancesCommand,
  tokensCommand,
  auditCommand,
  consoleCommand,
  whoamiCommand,
  doctorCommand,
  completionCommand,
  helpCommand,
] as const;

/** All commands of `tidings`. */
export function createProgram(line: CommandLine): Command {
  const program = line
    .command('tidings', {
      summary: 'The command line of Tidings, an event bus for the life-cycle events of many systems',
      examples: [
        'tidings up                                   # the same as npm start',
        'tidings tail --system lxd                    # follow events as they are stored',
        'tidings publish ProjectCreated --data \'{"project_key": "DEMO", "username": "aino"}\'',
        'tidings events --outcome failed --since 2h',
        'tidings doctor                               # check the server, the token and this machine',
      ],
    })
    .usage('<command> [options]')
    .version(ownVersion(), '-V, --version', 'show the version')
    .enablePositionalOptions()
    .helpCommand(false)
    .addHelpText('after', () => `${environmentText(line)}\n${exitText(line)}`);
  for (const make of COMMANDS) program.addCommand(make(line));
  return program;
}

function environmentText({ out: { colours } }: CommandLine): string {
  return [
    colours.bold('Environment:'),
    '  TIDINGS_URL       URL of the server; without it, the server that was started here',
    '                    (its data directory has the URL), or http://127.0.0.1:4100',
    '  TIDINGS_TOKEN     token; without it, on the machine of the server, the admin token of',
    '                    its data directory',
    '  TIDINGS_DATA_DIR  that directory; without it, the nearest .tidings from the working',
    '                    directory upwards',
    '  NO_COLOR          no colours on a terminal either; FORCE_COLOR=1: colours everywhere',
    '',
  ].join('\n');
}

function exitText({ out: { colours } }: CommandLine): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return [colours.bold('Exit codes:'), ...lines, ''].join('\n');
}
