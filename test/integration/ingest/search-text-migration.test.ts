import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { createDataSource, poolOf } from '@tidings/database';
import { EVENTS_MIGRATIONS, EVENTS_SCHEMA } from '@tidings/events';
import { freshDatabase, type FreshDatabase } from '../../harness/fresh-database.js';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase(inject('databaseUrl'));
});

afterEach(async () => {
  await database.drop();
});

const settings = (migrations: typeof EVENTS_MIGRATIONS | readonly [(typeof EVENTS_MIGRATIONS)[0]]) =>
  ({ url: database.url, applicationName: 'test', schema: EVENTS_SCHEMA, migrations, poolSize: 2 }) as const;

it('gives what was stored before a text that is searched, whatever its payload holds', async () => {
  const old = await createDataSource(settings([EVENTS_MIGRATIONS[0]]));
  const payloads = [
    '{"message":"Hi","context":{"name":"Uni of \\"TARTU\\"","n":[1,{"k":"v"}]}}',
    '{"nul":"a\\u0000b","surrogate":"\\ud800"}',
    '"bare"',
  ];
  for (const [index, data] of payloads.entries()) {
    await poolOf(old).query(
      `INSERT INTO events.event (id, time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset, conforming,
        event_id, message, data) VALUES (gen_random_uuid(), now(), 1, 1, 1, 0, $1::bigint, true, $2, 'Some MESSAGE', $3)`,
      [index, String(index), data],
    );
  }
  await old.destroy();
  const now = await createDataSource(settings(EVENTS_MIGRATIONS));
  const { rows } = await poolOf(now).query<{ text: string }>(
    'SELECT search_text AS text FROM events.event ORDER BY kafka_offset',
  );
  await now.destroy();
  expect(rows.map(({ text }) => text.split('\u001f'))).toEqual([
    ['some message', expect.stringMatching(/^hi .*uni of .*tartu.* 1 v$/)],
    ['some message', expect.stringContaining('a\\u0000b')],
    ['some message', 'bare'],
  ]);
});
