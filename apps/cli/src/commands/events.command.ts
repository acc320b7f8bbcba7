import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import { pagesOf } from '../api/pages.js';
import type { CommandLine } from '../command-line.js';
import { addFilterOptions, listParameters, type FilterOptions } from '../events/event-filter-options.js';
import { ALL_FIELDS, TABLE_FIELDS, WHOLE_FIELDS } from '../events/event-fields.js';
import { eventColumns, type ListedEvent } from '../events/listed-events.js';
import { printList } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import { eventExportCommand } from './event-export.command.js';
import { eventHistogramCommand } from './event-histogram.command.js';
import { eventListCommand } from './event-list.command.js';
import { eventRoutingCommand } from './event-routing.command.js';
import { addListFormat, addRecordFormat, type ListFormatOptions } from './format-options.js';
import { limitOption } from './option-values.js';

const PATH = '/api/events/';
const RELATED_LIMIT = 20;
const EXAMPLE_ID = '8065f48ea64784c0bad97d3ff693d03f';

/** `tidings events`: stored events. */
export function eventsCommand(line: CommandLine): Command {
  const list = eventListCommand(line);
  return line.group(
    'events',
    {
      summary: 'List, count, show and export stored events',
      details: '`tidings events --system lxd` is `tidings events list --system lxd`.',
      examples: [
        'tidings events --system waldur --limit 50',
        'tidings events --type instance-created --since 7d --format csv > created.csv',
        'tidings events --follow --outcome failed',
        'tidings events count --system ibm',
        `tidings events show ${EXAMPLE_ID}`,
        'tidings events list --help                       # all filters',
      ],
    },
    [
      list,
      countCommand(line),
      eventHistogramCommand(line),
      showCommand(line),
      relatedCommand(line),
      eventRoutingCommand(line),
      eventExportCommand(line),
    ],
    list,
  );
}

function countCommand(line: CommandLine): Command {
  const command = line.serverCommand('count', {
    summary: 'Count events',
    examples: ['tidings events count', 'tidings events count --system waldur --outcome failed --since 1d'],
  });
  return addFilterOptions(command, false)
    .option('--json', 'print {"count": <number>}')
    .action(async (options: ConnectionOptions & FilterOptions & { readonly json?: boolean }) => {
      const answer = await line.connect(options).get(`${PATH}count/`, listParameters(options));
      const { count } = answer.json<{ readonly count: number }>();
      await line.out.line(options.json === true ? answer.text : String(count));
    });
}

function showCommand(line: CommandLine): Command {
  const command = line.serverCommand('show', {
    summary: 'Show one event',
    examples: [`tidings events show ${EXAMPLE_ID}`, `tidings events show ${EXAMPLE_ID} --json | jq .cloudevent`],
  });
  return addRecordFormat(command)
    .argument('<id>', 'its UUID, as `events --wide` and `publish` print it')
    .action(async (id: string, options: ConnectionOptions & { readonly format: RecordFormat }) => {
      const answer = await line
        .connect(options)
        .get(`${PATH}${encodeURIComponent(id)}/`, { field: ALL_FIELDS }, `event ${id}`);
      await printRecord(answer.json(), options.format, line.out);
    });
}

function relatedCommand(line: CommandLine): Command {
  const command = line.serverCommand('related', {
    summary: 'List the other events of the same subject',
    examples: [`tidings events related ${EXAMPLE_ID}`],
  });
  return addListFormat(command)
    .argument('<id>', 'the UUID of an event')
    .addOption(limitOption(RELATED_LIMIT))
    .action(async (id: string, options: ConnectionOptions & ListFormatOptions & { readonly limit: number }) => {
      const { format, wide, limit } = options;
      const fields = format === 'table' ? TABLE_FIELDS : WHOLE_FIELDS;
      const path = `${PATH}${encodeURIComponent(id)}/related/`;
      const pages = pagesOf<ListedEvent>(line.connect(options), path, { field: fields }, limit, `event ${id}`);
      await printList(pages, format, line.out, { columns: eventColumns(undefined, line.out), fields, wide });
    });
}
