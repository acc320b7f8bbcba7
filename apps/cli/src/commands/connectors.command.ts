import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine } from '../command-line.js';
import { textOf } from '../output/exact-json.js';
import { printList, type ListFormat } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import type { Column } from '../output/table.js';
import { addListFormat, addRecordFormat } from './format-options.js';

const PATH = '/api/connectors/';

type Connector = Readonly<Record<string, unknown>>;

/** `tidings connectors`: which systems Tidings gets its events from by itself. */
export function connectorsCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'connectors',
    {
      summary: 'Say which systems events are fetched from, and pause that',
      details: 'Connectors are configured by a file (TIDINGS_CONNECTORS). All of it asks for the permission admin.',
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
    member('gaps', 'GAPS'),
    member('lag_seconds', 'LAG S'),
    member('last_event_at', 'LAST EVENT'),
    member('last_error', 'LAST ERROR'),
  ];
}

function listCommand(line: CommandLine): Command {
  const command = line.serverCommand('list', {
    summary: 'List connectors, with their state',
    examples: ['tidings connectors list', 'tidings connectors list --json'],
  });
  return addListFormat(command).action(async (options: ConnectionOptions & { readonly format: ListFormat }) => {
    const connectors = (await line.connect(options).get(PATH)).json<Connector[]>();
    const count = await printList([connectors], options.format, line.out, { columns: columns(line) });
    if (count === 0 && options.format === 'table') {
      await line.err.line('There are no connectors; a file that TIDINGS_CONNECTORS names has them.');
    }
  });
}

const pathOf = (name: string): string => `${PATH}${encodeURIComponent(name)}/`;

function showCommand(line: CommandLine): Command {
  const command = line.serverCommand('show', {
    summary: 'Show one connector, whole',
    examples: ['tidings connectors show rack1'],
  });
  return addRecordFormat(command)
    .argument('<name>', 'its name')
    .action(async (name: string, options: ConnectionOptions & { readonly format: RecordFormat }) => {
      await printRecord((await line.connect(options).get(pathOf(name))).json(), options.format, line.out);
    });
}

function switchCommand(line: CommandLine, verb: 'pause' | 'resume'): Command {
  return line
    .serverCommand(verb, {
      summary: verb === 'pause' ? 'Let a connector rest' : 'Let a connector go on where it rested',
      examples: [`tidings connectors ${verb} rack1`],
    })
    .argument('<name>', 'its name')
    .action(async (name: string, options: ConnectionOptions) => {
      const answer = await line.connect(options).request('POST', `${pathOf(name)}${verb}/`);
      await line.out.line(textOf(answer.json<Connector>()['state']));
    });
}
