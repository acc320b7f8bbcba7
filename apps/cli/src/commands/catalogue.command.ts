import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine } from '../command-line.js';
import { printList } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import type { Column } from '../output/table.js';
import { diffCommand, snapshotCommand } from './catalogue-evolution.command.js';
import { addListFormat, addRecordFormat, type ListFormatOptions } from './format-options.js';
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
  { title: 'SYSTEM', cell: ({ system }) => system },
  { title: 'TYPE', cell: ({ type }) => type, short: ({ nativeType }) => nativeType, whole: true },
  { title: 'SUMMARY', cell: ({ summary }) => summary },
  { title: 'GROUPS', cell: ({ groups }) => groups.join(', '), optional: true },
];

/** `tidings catalogue`: the declared event types. */
export function catalogueCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'catalogue',
    {
      summary: 'List event types, their schemas and their changes',
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
      "tidings catalogue list --json | jq -r '.[].type'",
    ],
  });
  return addListFormat(command)
    .option('--system <systems>', 'only of these systems', listed)
    .option('--group <groups>', 'only of these groups', listed)
    .option('--search <text>', 'only those with this text in their name or summary')
    .action(
      async (
        options: ConnectionOptions &
          ListFormatOptions & {
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
        const { format, wide } = options;
        await printList([found], format, line.out, { columns: COLUMNS, wide });
        if (found.length === 0 && format === 'table') await line.err.line('No event type matches.');
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
    .argument('<type>', 'its full name, or the name that its system gives it')
    .option('--schema', 'print only the JSON Schema of its payload')
    .option('--example', 'print only an example of its payload, as `publish` takes it')
    .action(
      async (
        type: string,
        options: ConnectionOptions & {
          readonly format: RecordFormat;
          readonly schema?: boolean;
          readonly example?: boolean;
        },
      ) => {
        const answer = await line.connect(options).get(`${PATH}${encodeURIComponent(type)}/`, {}, `event type ${type}`);
        const { schema, example, ...rest } = answer.json<Readonly<Record<string, unknown>>>();
        if (options.schema === true) await printRecord(schema, 'json', line.out);
        else if (options.example === true) await printRecord(example, 'json', line.out);
        else await printRecord({ ...rest, example, schema }, options.format, line.out);
      },
    );
}

interface Group {
  readonly system: string;
  readonly group: string;
  readonly types: readonly string[];
}

const GROUP_COLUMNS: readonly Column<Group>[] = [
  { title: 'SYSTEM', cell: ({ system }) => system },
  { title: 'GROUP', cell: ({ group }) => group, whole: true },
  { title: 'TYPES', cell: ({ types }) => types.join(' ') },
];

function groupsCommand(line: CommandLine): Command {
  const command = line.serverCommand('groups', {
    summary: 'List groups of event types, with their types',
    examples: ['tidings catalogue groups --system lxd', 'tidings catalogue groups --json'],
  });
  return addListFormat(command)
    .option('--system <systems>', 'only of these systems', listed)
    .action(async (options: ConnectionOptions & ListFormatOptions & { readonly system?: readonly string[] }) => {
      const { system, format, wide } = options;
      const answer = await line.connect(options).get(PATH, { system });
      const groups = groupsOf(answer.json<CatalogueEntry[]>());
      await printList([groups], format, line.out, { columns: GROUP_COLUMNS, wide });
    });
}

function groupsOf(entries: readonly CatalogueEntry[]): Group[] {
  const groups = new Map<string, Group & { readonly types: string[] }>();
  for (const { system, groups: names, nativeType } of entries) {
    for (const group of names) {
      const key = `${system} ${group}`;
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { system, group, types: [nativeType] });
      else known.types.push(nativeType);
    }
  }
  return [...groups.values()];
}
