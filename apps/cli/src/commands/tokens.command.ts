import { InvalidArgumentError, type Command } from 'commander';
import type { ApiClient } from '../api/api-client.js';
import type { ConnectionOptions } from '../api/connection.js';
import { pagesOf } from '../api/pages.js';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { gathered } from '../notifications/instance-client.js';
import { textOf } from '../output/exact-json.js';
import { printList } from '../output/list-formats.js';
import { printRecord } from '../output/record-formats.js';
import { wholeSeconds } from '../output/short-time.js';
import type { Column } from '../output/table.js';
import { addForce, addListFormat, type ListFormatOptions } from './format-options.js';
import { limitOption, listed, readText, wholeNumber } from './option-values.js';

const PATH = '/api/tokens/';

type Token = Readonly<Record<string, unknown>>;

const joined = (value: unknown): string => (Array.isArray(value) ? value.map(textOf).join(', ') : '');

const COLUMNS: readonly Column<Token>[] = [
  { title: 'NAME', cell: ({ name }) => textOf(name) },
  { title: 'PERMISSIONS', cell: ({ permissions }) => joined(permissions) },
  { title: 'SCOPES', cell: ({ scopes }) => joined(scopes) },
  { title: 'SOURCES', cell: ({ sources }) => joined(sources) },
  {
    title: 'EXPIRES',
    cell: ({ expires_at: at }) => (at === null ? 'never' : wholeSeconds(textOf(at))),
    short: ({ expires_at: at }) => (at === null ? 'never' : textOf(at).slice(0, 10)),
  },
  { title: 'STATE', cell: ({ revoked_at: at }) => (at === null ? 'active' : 'revoked') },
  { title: 'ID', cell: ({ id }) => textOf(id), optional: true },
];

/** `tidings tokens`: who may do what. */
export function tokensCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'tokens',
    {
      summary: 'List and manage tokens: who may do what',
      details: 'It needs the permission admin.',
      examples: [
        'tidings tokens',
        "tidings tokens create 'a reader' --permission events:read --scope 'lxd:*'",
        "tidings tokens create 'rack 1' --permission events:publish --source /lxd/rack1 --expires 90d",
        "tidings tokens rotate 'a reader' --grace 600",
        "tidings tokens revoke 'a reader' --force",
      ],
    },
    [list, createCommand(line), rotateCommand(line), revokeCommand(line)],
    list,
  );
}

function listCommand(line: CommandLine): Command {
  const command = line.serverCommand('list', {
    summary: 'List tokens, without their secrets',
    examples: ['tidings tokens list', 'tidings tokens list --all --json'],
  });
  return addListFormat(command)
    .option('--all', 'also revoked and expired ones')
    .addOption(limitOption())
    .action(
      async (options: ConnectionOptions & ListFormatOptions & { readonly all?: boolean; readonly limit: number }) => {
        const parameters = { active: options.all === true ? undefined : 'true' };
        const pages = pagesOf<Token>(line.connect(options), PATH, parameters, options.limit);
        const count = await printList(pages, options.format, line.out, { columns: COLUMNS, wide: options.wide });
        if (count === 0 && options.format === 'table') {
          await line.err.line('There are no tokens besides the admin token of the server.');
        }
      },
    );
}

interface CreateOptions extends ConnectionOptions {
  readonly permission: readonly string[];
  readonly scope?: readonly string[];
  readonly source?: readonly string[];
  readonly expires?: string;
  readonly certificate?: string;
  readonly json?: boolean;
}

function createCommand(line: CommandLine): Command {
  return line
    .serverCommand('create', {
      summary: 'Create a token, and print it once',
      examples: [
        "READER=$(tidings tokens create 'a reader' --permission events:read --scope 'lxd:*')",
        "tidings tokens create 'an operator' --permission notifications:admin,dead-letters --expires 90d",
        "tidings tokens create 'lxc of aino' --permission events:read --scope 'lxd:*' --certificate client.crt",
      ],
    })
    .argument('<name>', 'its name: who uses it')
    .requiredOption(
      '--permission <permissions>',
      'events:read, events:publish, dead-letters, notifications:read, notifications:admin, admin',
      listed,
    )
    .option('--scope <scopes>', "which events it may read: '*', 'lxd:*', lxd:rack1:project:default", listed)
    .option('--source <patterns>', "CloudEvents sources that it may publish as: /lxd/rack1, '/lxd/*', '*'", listed)
    .option('--expires <time>', 'expiry: 90d (from now), 2027-01-31, 2027-01-31T12:00:00Z', expiry)
    .option('--certificate <file>', 'a client certificate (PEM) in place of a token')
    .option('--json', 'print all of it, as JSON')
    .action(async (name: string, options: CreateOptions) => {
      const { permission: permissions, scope: scopes, source: sources, expires, certificate } = options;
      const body = {
        name,
        permissions,
        ...(scopes !== undefined && { scopes }),
        ...(sources !== undefined && { sources }),
        ...(expires !== undefined && { expires_at: expires }),
        ...(certificate !== undefined && { certificate: readText('--certificate', certificate) }),
      };
      const answer = await line.connect(options).request('POST', PATH, {
        body: JSON.stringify(body),
        contentType: 'application/json',
      });
      await printSecret(line, answer.json(), options.json);
    });
}

/** The secret alone is what scripts want; a certificate has none. */
async function printSecret({ out }: CommandLine, created: Token, isWhole: boolean | undefined): Promise<void> {
  if (isWhole === true) await printRecord(created, 'json', out);
  else await out.line(textOf(created['token'] ?? created['id']));
}

/** @returns RFC 3339 */
function expiry(text: string): string {
  const ahead = /^(\d{1,5})([smhdw])$/.exec(text);
  const unit = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }[ahead?.[2] ?? ''];
  const time = ahead !== null && unit !== undefined ? Date.now() + Number(ahead[1]) * unit * 1_000 : Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('Write 90d (from now), 2027-01-31 or 2027-01-31T12:00:00Z.');
  return new Date(time).toISOString();
}

/** Finds a token that has an id or a name. */
async function findToken(api: ApiClient, name: string): Promise<Token> {
  const tokens = await gathered(pagesOf<Token>(api, PATH, { active: 'true' }, Infinity));
  const found = tokens.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const named = tokens.filter((token) => token['name'] === name);
  const [only, another] = named;
  if (only === undefined) {
    throw new CommandFailure('notFound', `There is no token called ${name}`, [
      '`tidings tokens` lists the active ones.',
    ]);
  }
  if (another === undefined) return only;
  throw new CommandFailure('usage', `Several tokens are called ${name}`, [
    `Use an id: ${named.map(({ id }) => textOf(id)).join(', ')}`,
  ]);
}

function rotateCommand(line: CommandLine): Command {
  return line
    .serverCommand('rotate', {
      summary: 'Replace the secret of a token, and print the new one once',
      examples: ["tidings tokens rotate 'a reader' --grace 600"],
    })
    .argument('<token>', 'name or id')
    .option('--grace <seconds>', 'how long the former secret stays valid', wholeNumber(0), 0)
    .option('--json', 'print all of it, as JSON')
    .action(async (name: string, options: ConnectionOptions & { readonly grace: number; readonly json?: boolean }) => {
      const api = line.connect(options);
      const id = textOf((await findToken(api, name))['id']);
      const answer = await api.request('POST', `${PATH}${encodeURIComponent(id)}/rotate/`, {
        body: JSON.stringify({ grace_seconds: options.grace }),
        contentType: 'application/json',
      });
      await printSecret(line, answer.json(), options.json);
    });
}

function revokeCommand(line: CommandLine): Command {
  const command = line.serverCommand('revoke', {
    summary: 'Revoke a token for good',
    details: 'It asks first. Streams that the token has open end within two seconds.',
    examples: ["tidings tokens revoke 'a reader' --force"],
  });
  return addForce(command)
    .argument('<token>', 'name or id')
    .action(async (name: string, options: ConnectionOptions & { readonly force?: boolean }) => {
      const api = line.connect(options);
      const token = await findToken(api, name);
      const id = textOf(token['id']);
      await line.confirmDeletion(`the token ${textOf(token['name'])}: whoever uses it is locked out`, options.force);
      await api.request('DELETE', `${PATH}${encodeURIComponent(id)}/`);
      await line.changed(id, `Revoked the token ${textOf(token['name'])}.`);
    });
}
