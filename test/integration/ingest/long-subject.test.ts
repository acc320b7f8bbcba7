import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { randomBytes } from 'node:crypto';
import { IngestWorld, native } from './ingest-world.js';

let world: IngestWorld;

beforeEach(async () => {
  world = await IngestWorld.create(inject('databaseUrl'));
});

afterEach(async () => {
  await world.close();
});

it('stores a subject that is too long for an index whole', async () => {
  // Random, because PostgreSQL would pack a repeated letter.
  const subject = randomBytes(6_000).toString('hex');
  const data = {
    message: 'Created.',
    // What the subject is made from, where the message has none: an attribute may not be as long.
    context: { customer_uuid: subject, customer_name: 'X' },
  };
  await world.ingest([native({ id: 'long', type: 'com.waldur.customer_creation_succeeded', data })]);
  expect(await world.deadLetters()).toEqual([]);
  expect(await world.query('SELECT subject FROM events.event')).toEqual([{ subject }]);
});
