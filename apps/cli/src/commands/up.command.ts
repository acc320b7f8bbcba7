import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { setVariables } from '../cli-environment.js';
import { wholeNumber } from './option-values.js';

/** What `npm start` runs, where this is the checkout of the project. */
const START = new URL('../../../../tools/start.mjs', import.meta.url);

interface UpOptions {
  readonly port?: number;
  readonly dataDir?: string;
}

/** `tidings up`: starts everything on this machine. */
export function upCommand(line: CommandLine): Command {
  return line
    .command('up', {
      summary: 'Start Tidings with Kafka and PostgreSQL on this machine, as npm start does',
      details: [
        'KAFKA_BROKERS and DATABASE_URL use existing servers instead; .env.example lists every setting.',
        'Ctrl-C stops all of it; the data stays for the next start.',
      ].join(' '),
      examples: [
        'tidings up',
        'tidings up --port 4200 --data-dir /var/tmp/tidings',
        'KAFKA_BROKERS=kafka:9092 tidings up',
      ],
    })
    .addOption(new Option('--port <port>', 'HTTP port; 0 chooses a free one (PORT)').argParser(wholeNumber(0)))
    .option('--data-dir <folder>', 'where everything is stored (TIDINGS_DATA_DIR)')
    .action(async ({ port, dataDir }: UpOptions) => {
      if (!existsSync(START)) {
        throw new CommandFailure('failed', '`tidings up` works in a checkout of Tidings only', [
          'Clone the project and run it there, or start the image: deploy/compose.yaml.',
        ]);
      }
      setVariables({
        ...(port !== undefined && { PORT: String(port) }),
        ...(dataDir !== undefined && { TIDINGS_DATA_DIR: dataDir }),
      });
      // In this process, so that Ctrl-C and SIGTERM reach it, which end it.
      await import(START.href);
    });
}
