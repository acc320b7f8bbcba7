import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import { ibmPagesOf } from '../api/pages.js';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { findInstance, INSTANCES_PATH, type Resource } from '../notifications/instance-client.js';
import { textOf } from '../output/exact-json.js';
import { printList } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import type { Column } from '../output/table.js';
import { printChanged } from './changed-resource.js';
import { addForce, addListFormat, addRecordFormat, type ListFormatOptions } from './format-options.js';
import { limitOption, listed } from './option-values.js';
import { ID_COLUMN, member } from './resource-commands.js';

const COLUMNS: readonly Column<Resource>[] = [
  member('name'),
  { title: 'DEFAULT', cell: ({ is_default: isDefault }) => (isDefault === true ? 'yes' : 'no') },
  { title: 'SCOPES', cell: ({ scopes }) => (Array.isArray(scopes) ? scopes.map(textOf).join(', ') : '') },
  ID_COLUMN,
];

/** `tidings instances`: separate configurations of notifications. */
export function instancesCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'instances',
    {
      summary: 'List and manage instances: separate configurations of notifications',
      details: 'Sources, topics, destinations and subscriptions belong to one; --instance chooses it.',
      examples: [
        'tidings instances',
        "tidings instances create team-a --scope 'lxd:rack1:*'",
        'tidings sources enable lxd --instance team-a',
        'tidings instances delete team-a --force',
      ],
    },
    [list, showCommand(line), createCommand(line), deleteCommand(line)],
    list,
  );
}

function listCommand(line: CommandLine): Command {
  const command = line.serverCommand('list', {
    summary: 'List instances',
    examples: ['tidings instances list', 'tidings instances list --json'],
  });
  return addListFormat(command)
    .addOption(limitOption())
    .action(async (options: ConnectionOptions & ListFormatOptions & { readonly limit: number }) => {
      const { format, wide, limit } = options;
      const pages = ibmPagesOf<Resource>(line.connect(options), INSTANCES_PATH, 'instances', {}, limit);
      await printList(pages, format, line.out, { columns: COLUMNS, wide });
    });
}

function showCommand(line: CommandLine): Command {
  const command = line.serverCommand('show', {
    summary: 'Show one instance',
    examples: ['tidings instances show default'],
  });
  return addRecordFormat(command)
    .argument('<instance>', 'name or id')
    .action(async (name: string, options: ConnectionOptions & { readonly format: RecordFormat }) => {
      await printRecord(await findInstance(line.connect(options), name), options.format, line.out);
    });
}

function createCommand(line: CommandLine): Command {
  return line
    .serverCommand('create', {
      summary: 'Create an instance, with a disabled source for each system',
      examples: ["tidings instances create team-b --scope 'waldur:main:customer:*' --scope 'lxd:*'"],
    })
    .argument('<name>', 'its name')
    .requiredOption('--scope <scopes>', "which events it may see: '*', 'lxd:*', 'lxd:rack1:project:*'", listed)
    .option('--json', 'print all of it; without this, its id')
    .action(
      async (
        name: string,
        options: ConnectionOptions & { readonly scope: readonly string[]; readonly json?: boolean },
      ) => {
        const answer = await line.connect(options).request('POST', INSTANCES_PATH, {
          body: JSON.stringify({ name, scopes: options.scope }),
          contentType: 'application/json',
        });
        await printChanged(line, answer, `Created the instance ${name}`, options.json);
      },
    );
}

function deleteCommand(line: CommandLine): Command {
  const command = line.serverCommand('delete', {
    summary: 'Delete an instance with all that is in it',
    details: 'It first says what would go, and asks. The default instance cannot be deleted.',
    examples: ['tidings instances delete team-a --force'],
  });
  return addForce(command)
    .argument('<instance>', 'name or id')
    .action(async (name: string, options: ConnectionOptions & { readonly force?: boolean }) => {
      const api = line.connect(options);
      const instance = await findInstance(api, name);
      const id = textOf(instance['id']);
      const path = `${INSTANCES_PATH}/${encodeURIComponent(id)}`;
      if (instance['is_default'] === true) throw new CommandFailure('usage', 'The default instance cannot be deleted');
      const kinds = ['topics', 'destinations', 'subscriptions', 'templates'];
      const counts = await Promise.all(
        kinds.map(async (kind) => {
          const page = (await api.get(`${path}/${kind}`, { limit: '1' })).json<{ readonly total_count: number }>();
          return `${page.total_count} ${page.total_count === 1 ? kind.slice(0, -1) : kind}`;
        }),
      );
      const what = `the instance ${textOf(instance['name'])} with ${counts.join(', ')}`;
      await line.confirmDeletion(what, options.force);
      await api.request('DELETE', path);
      await line.changed(id, `Deleted ${what}.`);
    });
}
