import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine } from '../command-line.js';
import { CommandFailure } from '../command-failure.js';
import { addFilterOptions, listParameters } from '../events/event-filter-options.js';
import { ALL_FIELDS, eventFields, TABLE_FIELDS, WHOLE_FIELDS } from '../events/event-fields.js';
import {
  eventColumns,
  listAndFollow,
  listEvents,
  type EventListRequest,
  type ListedEvent,
} from '../events/listed-events.js';
import { untilInterrupted } from '../interruption.js';
import { printList, type ListFormat } from '../output/list-formats.js';
import { addListFormat } from './format-options.js';
import { limitOption } from './option-values.js';
import { pauseText } from './pause-text.js';

const DEFAULT_LIMIT = 20;

interface ListOptions extends ConnectionOptions, EventListRequest {
  readonly format: ListFormat | 'cloudevents';
  readonly field?: readonly string[];
  readonly follow?: boolean;
  readonly wide?: boolean;
}

/** `tidings events list`, which `tidings events` alone means. */
export function eventListCommand(line: CommandLine): Command {
  const command = line.serverCommand('list', {
    summary: 'List events, the newest first',
    details: [
      'An event has to match every filter; of a repeated filter, one value is enough. --not-… excludes: --not-system lxd.',
      'Times are UTC. --format cloudevents prints what `tidings publish` takes.',
    ].join(' '),
    examples: [
      'tidings events list --system waldur --search Tartu',
      'tidings events list --since 2026-11-02 --until 2026-11-03 --limit all --format ndjson',
      'tidings events list --format cloudevents --limit all | tidings publish --url https://other.example',
      'tidings events list --field created,type,subject --format csv',
      'tidings events list --follow',
    ],
  });
  addFilterOptions(command, false).addOption(limitOption(DEFAULT_LIMIT));
  return addListFormat(command, ['cloudevents'])
    .option('--oldest-first', 'the oldest first')
    .option('--field <fields>', `which fields: ${ALL_FIELDS.join(', ')}`, eventFields)
    .option('--follow', 'list the newest last, then what is stored from now on; Ctrl-C ends it')
    .action((options: ListOptions) => (options.follow === true ? followList(line, options) : printOnce(line, options)));
}

async function printOnce(line: CommandLine, options: ListOptions): Promise<void> {
  const { out, err } = line;
  const { format, limit, wide } = options;
  const api = line.connect(options);
  if (format === 'cloudevents') {
    await printList(cloudEvents(listEvents(api, options, ['cloudevent'])), 'ndjson', out, { columns: [] });
    return;
  }
  const fields = fieldsOf(options);
  const columns = eventColumns(options.field, out);
  const count = await printList(listEvents(api, options, fields), format, out, { columns, fields, wide });
  if (format !== 'table') return;
  if (count === 0)
    await err.line(hasFilters(options) ? 'No event matches.' : 'There are no events that this token may see.');
  else if (count === limit && out.isTerminal) {
    await err.line(err.colours.dim(`The newest ${count}. --limit all lists all, \`events count\` counts them.`));
  }
}

function hasFilters(options: ListOptions): boolean {
  return Object.keys(listParameters(options)).length > 0;
}

async function followList(line: CommandLine, options: ListOptions): Promise<void> {
  const { out, err } = line;
  const { format } = options;
  if (format === 'cloudevents' || options.field !== undefined || options.until !== undefined) {
    throw new CommandFailure('usage', '--follow cannot be combined with --field, --until or --format cloudevents', [
      '`tidings tail --since 1h --format json` prints CloudEvents, beginning with those of the last hour.',
    ]);
  }
  const api = line.connect(options);
  const fields = fieldsOf(options);
  await untilInterrupted(async (signal) => {
    const onPause = (reason: string, pause: number | undefined): void =>
      void err.line(err.colours.dim(pauseText(reason, pause)));
    const pages = listAndFollow(api, options, fields, { signal, onPause });
    // Nobody can parse an array that never ends.
    const shape = { columns: eventColumns(undefined, out), fields, wide: options.wide };
    await printList(pages, format === 'json' ? 'ndjson' : format, out, shape);
  });
}

/** A stream does not say the context by itself; what follows a list has the members that the list has. */
function fieldsOf({ format, field, follow }: ListOptions): readonly string[] {
  if (field !== undefined) return field;
  if (format === 'table') return TABLE_FIELDS;
  return follow === true ? WHOLE_FIELDS.filter((name) => name !== 'context') : WHOLE_FIELDS;
}

async function* cloudEvents(pages: AsyncIterable<readonly ListedEvent[]>): AsyncGenerator<readonly object[]> {
  for await (const page of pages) yield page.map((event) => event['cloudevent'] as object);
}
