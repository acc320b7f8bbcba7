import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { randomBytes } from 'node:crypto';
import { IngestWorld, record } from './ingest-world.js';

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
    context: { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9', customer_name: 'X' },
  };
  await world.ingest([record({ id: 'long', type: 'com.waldur.customer_creation_succeeded', subject, data })]);
  expect(await world.deadLetters()).toEqual([]);
  expect(await world.query('SELECT subject FROM events.event')).toEqual([{ subject }]);
});
