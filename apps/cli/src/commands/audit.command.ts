import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import { pagesOf } from '../api/pages.js';
import type { CommandLine } from '../command-line.js';
import { isObject, textOf } from '../output/exact-json.js';
import { printList } from '../output/list-formats.js';
import { shortTime, wholeSeconds } from '../output/short-time.js';
import type { Column } from '../output/table.js';
import { addListFormat, type ListFormatOptions } from './format-options.js';
import { limitOption, listed, moment } from './option-values.js';

type AuditEntry = Readonly<Record<string, unknown>>;

const COLUMNS: readonly Column<AuditEntry>[] = [
  { title: 'AT', cell: ({ at }) => wholeSeconds(textOf(at)), short: ({ at }) => shortTime(textOf(at)) },
  { title: 'ACTOR', cell: ({ actor }) => (isObject(actor) ? textOf(actor['name'] ?? actor['id']) : '') },
  { title: 'ACTION', cell: ({ action }) => textOf(action) },
  { title: 'NAME', cell: ({ before, after }) => nameOf(after) || nameOf(before) },
  { title: 'SUBJECT', cell: ({ subject }) => textOf(subject) },
];

/** Most of what is changed has a name. */
function nameOf(state: unknown): string {
  return isObject(state) ? textOf(state['name']) : '';
}

interface AuditOptions extends ConnectionOptions, ListFormatOptions {
  readonly actor?: readonly string[];
  readonly action?: readonly string[];
  readonly subject?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

/** `tidings audit`: who changed what. */
export function auditCommand(line: CommandLine): Command {
  const command = line.serverCommand('audit', {
    summary: 'List who changed what, the newest first',
    details: 'With --json, each entry has what was there before and after. It needs the permission admin.',
    examples: [
      'tidings audit',
      'tidings audit --action token.create,token.revoke --since 7d',
      "tidings audit --json | jq '.[0].after'",
    ],
  });
  return addListFormat(command)
    .option('--actor <ids>', 'who did it: ids of tokens, or admin', listed)
    .option('--action <actions>', 'what was done: token.create, topic.delete …', listed)
    .option('--subject <subjects>', 'to what: token:<id>, topic:<id> …', listed)
    .option('--since <time>', 'done at or after: 2h (ago), or a time', moment)
    .option('--until <time>', 'done before', moment)
    .addOption(limitOption(20))
    .action(async (options: AuditOptions) => {
      const { actor, action, subject, since, until, limit, format, wide } = options;
      const parameters = { actor, action, subject, created_from: since, created_to: until };
      const pages = pagesOf<AuditEntry>(line.connect(options), '/api/audit/', parameters, limit);
      const count = await printList(pages, format, line.out, { columns: COLUMNS, wide });
      if (count === 0 && format === 'table') await line.err.line('There are no such changes.');
    });
}
