import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import { pagesOf } from '../api/pages.js';
import type { CommandLine } from '../command-line.js';
import { addFilterOptions, listParameters, type FilterOptions } from '../events/event-filter-options.js';
import { eventColumns, TABLE_FIELDS, WHOLE_FIELDS, type ListedEvent } from '../events/listed-events.js';
import { printList, type ListFormat } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import { eventListCommand } from './event-list.command.js';
import { addListFormat, addRecordFormat } from './format-options.js';
import { entryLimit } from './option-values.js';

const PATH = '/api/events/';
const RELATED_LIMIT = 20;
const ALL_FIELDS = [...WHOLE_FIELDS, 'site', 'id', 'conforming', 'cloudevent'];

/** `tidings events`: what has happened. */
export function eventsCommand(line: CommandLine): Command {
  const list = eventListCommand(line);
  return line.group(
    'events',
    {
      summary: 'Ask which events there are',
      details: '`tidings events --system lxd` is `tidings events list --system lxd`.',
      examples: [
        'tidings events --system waldur --limit 50',
        'tidings events --type instance-created --since 7d --format csv > created.csv',
        'tidings events --follow --outcome failed',
        'tidings events count --system ibm',
        'tidings events show 8065f48ea64784c0bad97d3ff693d03f',
        'tidings events list --help                       # all filters',
      ],
    },
    [list, countCommand(line), showCommand(line), relatedCommand(line)],
    list,
  );
}

function countCommand(line: CommandLine): Command {
  const command = line.serverCommand('count', {
    summary: 'Count events, exactly',
    examples: ['tidings events count', 'tidings events count --system waldur --outcome failed --since 1d'],
  });
  return addFilterOptions(command, false)
    .option('--json', 'print {"count": …}')
    .action(async (options: ConnectionOptions & FilterOptions & { readonly json?: boolean }) => {
      const answer = await line.connect(options).get(`${PATH}count/`, listParameters(options));
      const { count } = answer.json<{ readonly count: number }>();
      await line.out.line(options.json === true ? answer.text : String(count));
    });
}

function showCommand(line: CommandLine): Command {
  const command = line.serverCommand('show', {
    summary: 'Show one event, whole',
    examples: [
      'tidings events show 8065f48ea64784c0bad97d3ff693d03f',
      'tidings events show 8065f48e-a647-84c0-bad9-7d3ff693d03f --json | jq .cloudevent',
    ],
  });
  return addRecordFormat(command)
    .argument('<id>', 'its uuid, as lists and `publish` print it')
    .action(async (id: string, options: ConnectionOptions & { readonly format: RecordFormat }) => {
      const answer = await line.connect(options).get(`${PATH}${encodeURIComponent(id)}/`, { field: ALL_FIELDS });
      await printRecord(answer.json(), options.format, line.out);
    });
}

function relatedCommand(line: CommandLine): Command {
  const command = line.serverCommand('related', {
    summary: 'List what else happened to the same entity',
    examples: ['tidings events related 8065f48ea64784c0bad97d3ff693d03f'],
  });
  return addListFormat(command)
    .argument('<id>', 'the uuid of an event')
    .option('-n, --limit <count>', 'how many at the most, or all', entryLimit, RELATED_LIMIT)
    .action(
      async (id: string, options: ConnectionOptions & { readonly format: ListFormat; readonly limit: number }) => {
        const field = options.format === 'table' ? TABLE_FIELDS : WHOLE_FIELDS;
        const path = `${PATH}${encodeURIComponent(id)}/related/`;
        const pages = pagesOf<ListedEvent>(line.connect(options), path, { field }, options.limit);
        await printList(pages, options.format, line.out, { columns: eventColumns(undefined, line.out), fields: field });
      },
    );
}
