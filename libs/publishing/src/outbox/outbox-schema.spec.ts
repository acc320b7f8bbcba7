import { expect, it } from 'vitest';
import { OutboxError } from './outbox-error.js';
import { outboxSchema } from './outbox-schema.js';
import { OutboxTable } from './outbox-table.js';

const HEAD = `-- An outbox of Tidings, for those who do not run its TypeORM migration. Made from outbox-schema.ts: a test compares them.
-- Another schema or another name: replace "public" and "outbox" throughout.
`;

it('is there as plain SQL, too', async () => {
  const text = [HEAD, ...outboxSchema().map((statement) => `${statement};\n`)].join('\n');
  await expect(text).toMatchFileSnapshot('../../outbox.sql');
});

it('takes the names that it is given', () => {
  const statements = outboxSchema({ schema: 'shop', table: 'events_out' }).join('\n');
  expect(statements).toContain('CREATE TABLE "shop"."events_out" (');
  expect(statements).not.toMatch(/"public"|"outbox/);
});

it.each([
  ['schema', { schema: 'a"b' }],
  ['schema', { schema: '' }],
  ['table', { table: '1st' }],
  ['table', { table: 'x'.repeat(51) }],
])('refuses a %s that cannot be used: %j', (field, name) => {
  expect(() => new OutboxTable(name)).toThrow(OutboxError);
  expect(() => new OutboxTable(name)).toThrow(`${field} is `);
});
