import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine } from '../command-line.js';
import { isObject, textOf } from '../output/exact-json.js';
import { printList, type ListFormat } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import type { Column } from '../output/table.js';
import { diffCommand, snapshotCommand } from './catalogue-evolution.command.js';
import { addListFormat, addRecordFormat } from './format-options.js';
import { listed } from './option-values.js';

const PATH = '/api/catalogue/';

interface CatalogueEntry {
  readonly type: string;
  readonly nativeType: string;
  readonly system: string;
  readonly groups: readonly string[];
  readonly kafkaTopic: string;
  readonly summary: string;
}

const COLUMNS: readonly Column<CatalogueEntry>[] = [
  { title: 'TYPE', cell: ({ type }) => type, whole: true },
  { title: 'GROUPS', cell: ({ groups }) => groups.join(',') },
  { title: 'SUMMARY', cell: ({ summary }) => summary },
];

/** `tidings catalogue`: which types of events there are. */
export function catalogueCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'catalogue',
    {
      summary: 'Say which types of events there are',
      examples: [
        'tidings catalogue --system lxd',
        'tidings catalogue show instance-created',
        'tidings catalogue groups --system waldur',
      ],
    },
    [list, showCommand(line), groupsCommand(line), snapshotCommand(line), diffCommand(line)],
    list,
  );
}

function listCommand(line: CommandLine): Command {
  const command = line.serverCommand('list', {
    summary: 'List event types',
    examples: [
      'tidings catalogue list --system cds',
      'tidings catalogue list --search snapshot',
      'tidings catalogue list --json | jq -r .[].type',
    ],
  });
  return addListFormat(command)
    .option('--system <names>', 'of these systems', listed)
    .option('--group <names>', 'of these groups', listed)
    .option('--search <text>', 'whose name or summary has this text')
    .action(
      async (
        options: ConnectionOptions & {
          readonly format: ListFormat;
          readonly system?: readonly string[];
          readonly group?: readonly string[];
          readonly search?: string;
        },
      ) => {
        const answer = await line.connect(options).get(PATH, { system: options.system, group: options.group });
        const text = options.search?.toLowerCase() ?? '';
        const found = answer
          .json<CatalogueEntry[]>()
          .filter(({ type, nativeType, summary }) => `${type} ${nativeType} ${summary}`.toLowerCase().includes(text));
        await printList([found], options.format, line.out, { columns: COLUMNS });
      },
    );
}

function showCommand(line: CommandLine): Command {
  const command = line.serverCommand('show', {
    summary: 'Show one event type, with its JSON Schema and an example',
    examples: [
      'tidings catalogue show com.waldur.customer_creation_succeeded',
      'tidings catalogue show ProjectCreated --example > payload.json',
      'tidings catalogue show instance-created --schema > instance-created.schema.json',
    ],
  });
  return addRecordFormat(command)
    .argument('<type>', 'its full name, or its system’s')
    .option('--schema', 'only the JSON Schema of its payload, as JSON')
    .option('--example', 'only an example of its payload, as JSON: what `publish` takes')
    .action(
      async (
        type: string,
        options: ConnectionOptions & {
          readonly format: RecordFormat;
          readonly schema?: boolean;
          readonly example?: boolean;
        },
      ) => {
        const answer = await line.connect(options).get(`${PATH}${encodeURIComponent(type)}/`);
        const { schema, example, ...rest } = answer.json<Readonly<Record<string, unknown>>>();
        if (options.schema === true) await printRecord(schema, 'json', line.out);
        else if (options.example === true) await printRecord(example, 'json', line.out);
        else await printRecord({ ...rest, example, schema }, options.format, line.out);
      },
    );
}

interface Group {
  readonly group: string;
  readonly types: readonly string[];
}

function groupsCommand(line: CommandLine): Command {
  const command = line.serverCommand('groups', {
    summary: 'List the groups of a system, with their types',
    examples: ['tidings catalogue groups --system lxd', 'tidings catalogue groups --system waldur --json'],
  });
  return addListFormat(command)
    .option('--system <name>', 'whose', 'waldur')
    .action(async (options: ConnectionOptions & { readonly format: ListFormat; readonly system: string }) => {
      const answer = await line.connect(options).get('/api/events/event_groups/', { system: options.system });
      const answered = answer.json<unknown>();
      const groups: Group[] = Object.entries(isObject(answered) ? answered : {}).map(([group, types]) => ({
        group,
        types: Array.isArray(types) ? types.map(textOf) : [],
      }));
      const columns: Column<Group>[] = [
        { title: 'GROUP', cell: ({ group }) => group, whole: true },
        { title: 'TYPES', cell: ({ types }) => types.join(' ') },
      ];
      await printList([groups], options.format, line.out, { columns });
    });
}
