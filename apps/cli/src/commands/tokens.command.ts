import { readFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import { pagesOf } from '../api/pages.js';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { isObject, textOf } from '../output/exact-json.js';
import { printList, type ListFormat } from '../output/list-formats.js';
import { printRecord } from '../output/record-formats.js';
import type { Column } from '../output/table.js';
import { addListFormat } from './format-options.js';
import { entryLimit, listed, wholeNumber } from './option-values.js';

const PATH = '/api/tokens/';

type Token = Readonly<Record<string, unknown>>;

const joined = (value: unknown): string => (Array.isArray(value) ? value.map(textOf).join(',') : '');

const COLUMNS: readonly Column<Token>[] = [
  { title: 'NAME', cell: ({ name }) => textOf(name) },
  { title: 'PERMISSIONS', cell: ({ permissions }) => joined(permissions) },
  { title: 'SCOPES', cell: ({ scopes }) => joined(scopes) },
  { title: 'SOURCES', cell: ({ sources }) => joined(sources) },
  { title: 'EXPIRES', cell: ({ expires_at: at }) => (at === null ? 'never' : textOf(at)) },
  { title: 'STATE', cell: ({ revoked_at: at }) => (at === null ? 'good' : 'revoked') },
  { title: 'ID', cell: ({ id }) => textOf(id), whole: true },
];

/** `tidings tokens`: who may do what. */
export function tokensCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'tokens',
    {
      summary: 'Say who may do what, and make tokens',
      details: 'All of it asks for the permission admin.',
      examples: [
        'tidings tokens',
        "tidings tokens create 'a reader' --permission events:read --scope 'lxd:*'",
        "tidings tokens create 'rack 1' --permission events:publish --source /lxd/rack1 --expires 90d",
        "tidings tokens rotate 'a reader' --grace 600",
        "tidings tokens revoke 'a reader'",
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
    .option('--all', 'those that are revoked or expired, too')
    .option('-n, --limit <count>', 'how many at the most, or all', entryLimit, Infinity)
    .action(
      async (
        options: ConnectionOptions & { readonly format: ListFormat; readonly all?: boolean; readonly limit: number },
      ) => {
        const parameters = { active: options.all === true ? undefined : 'true' };
        const pages = pagesOf<Token>(line.connect(options), PATH, parameters, options.limit);
        const count = await printList(pages, options.format, line.out, { columns: COLUMNS });
        if (count === 0 && options.format === 'table') {
          await line.err.line('There is no token but the admin token of the server.');
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
      summary: 'Make a token, and print it: it is shown this once',
      examples: [
        "READER=$(tidings tokens create 'a reader' --permission events:read --scope 'lxd:*')",
        "tidings tokens create 'an operator' --permission notifications:admin,dead-letters --expires 90d",
        "tidings tokens create 'lxc of aino' --permission events:read --scope 'lxd:*' --certificate client.crt",
      ],
    })
    .argument('<name>', 'who has it')
    .requiredOption(
      '--permission <names>',
      'events:read, events:publish, dead-letters, notifications:admin, admin',
      listed,
    )
    .option('--scope <scopes>', "whose events it may read: '*', 'lxd:*', lxd:rack1:project:default", listed)
    .option('--source <sources>', "as which sources it may publish: /lxd/rack1, '/lxd/*', '*'", listed)
    .option('--expires <time>', 'when it ends: 90d (from now), 2027-01-31, 2027-01-31T12:00:00Z', expiry)
    .option('--certificate <file>', 'instead of a token: a client certificate, PEM')
    .option('--json', 'print all of it')
    .action(async (name: string, options: CreateOptions) => {
      const { permission: permissions, scope: scopes, source: sources, expires, certificate } = options;
      const body = {
        name,
        permissions,
        ...(scopes !== undefined && { scopes }),
        ...(sources !== undefined && { sources }),
        ...(expires !== undefined && { expires_at: expires }),
        ...(certificate !== undefined && { certificate: readText(certificate) }),
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

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailure('failed', `--certificate: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Finds the id of a token that is called by it or by its name. */
async function tokenId(line: CommandLine, options: ConnectionOptions, name: string): Promise<string> {
  const found: string[] = [];
  for await (const page of pagesOf<Token>(line.connect(options), PATH, { active: 'true' }, Infinity)) {
    for (const token of page) {
      if (token['id'] === name) return name;
      if (isObject(token) && token['name'] === name) found.push(textOf(token['id']));
    }
  }
  const [only, another] = found;
  if (only === undefined) {
    throw new CommandFailure('notFound', `There is no token called ${name}`, [
      'tidings tokens lists those that are good.',
    ]);
  }
  if (another === undefined) return only;
  throw new CommandFailure('usage', `Several tokens are called ${name}`, [`Name one by its id: ${found.join(', ')}`]);
}

function rotateCommand(line: CommandLine): Command {
  return line
    .serverCommand('rotate', {
      summary: 'Give a token a new secret, and print that',
      examples: ["tidings tokens rotate 'a reader' --grace 600"],
    })
    .argument('<name>', 'its name or its id')
    .option('--grace <seconds>', 'for how long the old one is good beside it', wholeNumber(0), 0)
    .option('--json', 'print all of it')
    .action(async (name: string, options: ConnectionOptions & { readonly grace: number; readonly json?: boolean }) => {
      const id = await tokenId(line, options, name);
      const answer = await line.connect(options).request('POST', `${PATH}${id}/rotate/`, {
        body: JSON.stringify({ grace_seconds: options.grace }),
        contentType: 'application/json',
      });
      await printSecret(line, answer.json(), options.json);
    });
}

function revokeCommand(line: CommandLine): Command {
  return line
    .serverCommand('revoke', {
      summary: 'End a token, for good',
      examples: ["tidings tokens revoke 'a reader'"],
    })
    .argument('<name>', 'its name or its id')
    .action(async (name: string, options: ConnectionOptions) => {
      const id = await tokenId(line, options, name);
      await line.connect(options).request('DELETE', `${PATH}${encodeURIComponent(id)}/`);
      await line.out.line(id);
    });
}
