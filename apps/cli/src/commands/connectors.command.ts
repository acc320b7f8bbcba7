import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine } from '../command-line.js';
import { textOf } from '../output/exact-json.js';
import { printList } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import type { Column } from '../output/table.js';
import { addListFormat, addRecordFormat, type ListFormatOptions } from './format-options.js';

const PATH = '/api/connectors/';

type Connector = Readonly<Record<string, unknown>>;

/** `tidings connectors`: the systems that Tidings fetches events from. */
export function connectorsCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'connectors',
    {
      summary: 'List, pause and resume connectors: systems that events are fetched from',
      details: 'TIDINGS_CONNECTORS names the file that configures them. It needs the permission admin.',
      examples: ['tidings connectors', 'tidings connectors show rack1', 'tidings connectors pause rack1'],
    },
    [list, showCommand(line), switchCommand(line, 'pause'), switchCommand(line, 'resume')],
    list,
  );
}

function columns({ out: { colours } }: CommandLine): Column<Connector>[] {
  const member = (name: string, title: string): Column<Connector> => ({ title, cell: (row) => textOf(row[name]) });
  return [
    { ...member('name', 'NAME'), whole: true },
    member('kind', 'KIND'),
    member('source', 'SOURCE'),
    {
      ...member('state', 'STATE'),
      paint: (text, { last_error: error }) => (error === null ? text : colours.yellow(text)),
    },
    member('events', 'EVENTS'),
    member('last_error', 'LAST ERROR'),
    { ...member('gaps', 'GAPS'), optional: true },
    { ...member('lag_seconds', 'LAG (S)'), optional: true },
    { ...member('last_event_at', 'LAST EVENT'), optional: true },
  ];
}

function listCommand(line: CommandLine): Command {
  const command = line.serverCommand('list', {
    summary: 'List connectors, with their state',
    examples: ['tidings connectors list', 'tidings connectors list --json'],
  });
  return addListFormat(command).action(async (options: ConnectionOptions & ListFormatOptions) => {
    const connectors = (await line.connect(options).get(PATH)).json<Connector[]>();
    const count = await printList([connectors], options.format, line.out, {
      columns: columns(line),
      wide: options.wide,
    });
    if (count === 0 && options.format === 'table') {
      await line.err.line('No connectors configured. Set TIDINGS_CONNECTORS to a configuration file.');
    }
  });
}

const pathOf = (name: string): string => `${PATH}${encodeURIComponent(name)}/`;

function showCommand(line: CommandLine): Command {
  const command = line.serverCommand('show', {
    summary: 'Show one connector',
    examples: ['tidings connectors show rack1'],
  });
  return addRecordFormat(command)
    .argument('<connector>', 'its name')
    .action(async (name: string, options: ConnectionOptions & { readonly format: RecordFormat }) => {
      const answer = await line.connect(options).get(pathOf(name), {}, `connector called ${name}`);
      await printRecord(answer.json(), options.format, line.out);
    });
}

function switchCommand(line: CommandLine, verb: 'pause' | 'resume'): Command {
  return line
    .serverCommand(verb, {
      summary: verb === 'pause' ? 'Pause a connector' : 'Resume a paused connector where it stopped',
      examples: [`tidings connectors ${verb} rack1`],
    })
    .argument('<connector>', 'its name')
    .action(async (name: string, options: ConnectionOptions) => {
      const answer = await line.connect(options).request('POST', `${pathOf(name)}${verb}/`, {
        wanted: `connector called ${name}`,
      });
      await line.out.line(textOf(answer.json<Connector>()['state']));
    });
}
