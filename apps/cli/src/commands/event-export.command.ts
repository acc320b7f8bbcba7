import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { addFilterOptions, listParameters, type FilterOptions } from '../events/event-filter-options.js';
import { eventFields } from '../events/event-fields.js';

const FORMATS = ['ndjson', 'csv', 'cloudevents'];

interface ExportOptions extends ConnectionOptions, FilterOptions {
  readonly format: string;
  readonly field?: readonly string[];
  readonly output?: string;
}

/** `tidings events export`: all events that match, as a file, written as it comes. */
export function eventExportCommand(line: CommandLine): Command {
  const command = line.serverCommand('export', {
    summary: 'Export all matching events, however many',
    details: 'In one request and without a limit; `events list` goes page by page.',
    examples: [
      'tidings events export --system lxd --since 30d > lxd.ndjson',
      'tidings events export --format csv --field created,type,subject --output events.csv',
      'tidings events export --format cloudevents | tidings publish --url https://other.example',
    ],
  });
  return addFilterOptions(command, false)
    .addOption(new Option('-f, --format <format>', 'output format').choices(FORMATS).default('ndjson'))
    .option('--field <fields>', 'which fields, as in `events list`', eventFields)
    .option('-o, --output <file>', 'write to a file; without it, to standard output')
    .action((options: ExportOptions) => exportEvents(line, options));
}

async function exportEvents(line: CommandLine, options: ExportOptions): Promise<void> {
  const { format, field, output } = options;
  const api = line.connect(options);
  const { body } = await api.stream('/api/events/export/', { ...listParameters(options), format, field });
  const chunks = Readable.fromWeb(body);
  try {
    if (output !== undefined) {
      await pipeline(chunks, createWriteStream(output));
      return;
    }
    for await (const chunk of chunks) await line.out.print(chunk as Uint8Array);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFailure('failed', `The export broke off: ${reason}`, ['What was written so far is not all.']);
  }
}
