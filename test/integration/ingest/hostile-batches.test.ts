import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import fc from 'fast-check';
import { catalogue } from '@tidings/catalogue';
import { IngestWorld, type Message } from './ingest-world.js';

let world: IngestWorld;

beforeAll(async () => {
  world = await IngestWorld.create(inject('databaseUrl'), { maxEventBytes: 50_000, retentionDays: 3_650 });
});

afterAll(async () => world.close());

/** Text that this or that layer does not bear. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '\u0000', '\ud800', '__proto__', 'a\u0000b', '%', "'", '\\', '\ufeff', 'x'.repeat(9_000)),
);
const bytes = fc.oneof(
  text.map((value) => Buffer.from(value)),
  fc.uint8Array({ maxLength: 20 }).map((value) => Buffer.from(value)),
);
const header = fc.oneof(bytes, fc.constant(null), fc.array(fc.oneof(bytes, fc.constant(null)), { maxLength: 3 }));
/** Kafka takes any 64 bits. */
const timestamp = fc.oneof(
  fc.constantFrom('-1', '0', '1762070513204'),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String),
);
const types = catalogue.types();
const attributes = fc.record(
  {
    specversion: fc.oneof({ weight: 9, arbitrary: fc.constant('1.0') }, text),
    // Few, so that copies and conflicts are among them.
    id: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('1', '2', '3') }, text),
    source: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('/waldur/main', '/lxd/rack1', 'urn:x') }, text),
    type: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...types.map(({ type }) => type)) }, text),
    time: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('2026-11-02T08:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z') },
      text,
    ),
    subject: text,
    dataschema: text,
    data: text,
    extension: text,
  },
  { requiredKeys: ['specversion', 'id', 'source', 'type', 'time'] },
);
const nested = fc.integer({ min: 1, max: 3_000 }).map((levels) => '['.repeat(levels) + ']'.repeat(levels));
const odd = fc.constantFrom(
  ...[
    '{"a":1e400}',
    '{"a":1,"a":2}',
    '{"__proto__":{"x":1}}',
    '{"a":"\\u0000\\ud800"}',
    '{"a":-0,"b":1.0}',
    '{}',
    '[]',
    '',
  ],
  ...['null', '"text"', '1', '{"context":{"pat_uuid":"' + 'x'.repeat(5_000) + '"}}', `"${'x'.repeat(60_000)}"`],
);
const example = fc.constantFrom(...types.map(({ example: payload }) => JSON.stringify(payload)));
const payload = fc.oneof(
  example,
  odd,
  nested,
  fc.json(),
  bytes.map((value) => value.toString('latin1')),
);

const binary = fc.tuple(attributes, payload).map(([given, value]): Message => ({
  headers: Object.fromEntries(Object.entries(given).map(([name, said]) => [`ce_${name}`, Buffer.from(said)])),
  value: Buffer.from(value, 'utf8'),
}));
const structured = fc.tuple(attributes, payload).map(([given, value]): Message => ({
  headers: { 'content-type': Buffer.from('application/cloudevents+json') },
  value: Buffer.from(`${JSON.stringify(given).slice(0, -1)},"data":${value}}`),
}));
const raw = fc
  .tuple(fc.option(bytes), fc.oneof(bytes, fc.constant('waldur/main').map(Buffer.from)))
  .map(([value, origin]): Message => ({ headers: { 'tidings-native': origin, 'tidings-problem': origin }, value }));
const junk = fc.record({ headers: fc.constant({}), value: fc.option(bytes) });

/** Any of these, marked as native or not, with a key, further headers and a time of its own. */
const message: fc.Arbitrary<Message> = fc
  .tuple(
    fc.oneof(binary, structured, raw, junk),
    fc.boolean(),
    fc.dictionary(text, header, { maxKeys: 3 }),
    fc.option(bytes),
    timestamp,
  )
  .map(([{ headers, value }, isNative, more, key, time]) => ({
    headers: {
      ...headers,
      ...(isNative && { 'tidings-origin': Buffer.from('native') }),
      ...more,
    },
    value,
    key,
    timestamp: time,
  }));

it('makes a row, a known duplicate or a dead letter of every message, and never throws', async () => {
  const topic = fc.constantFrom('lifecycle.waldur.customers', 'lifecycle.lxd.uncatalogued', 'lifecycle.unknown.x', 'x');
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), topic, async (distinct, kafkaTopic) => {
      // Each comes twice, so that there are copies of all kinds.
      const messages = [...distinct, ...distinct];
      await world.ingest(messages, 0, kafkaTopic);
      sent += messages.length;
      const { stored, doubled, letters } = world.state.counts;
      expect(stored + doubled + letters).toBe(sent);
      expect(await world.count()).toBe(stored);
      expect(await world.query('SELECT FROM events.dead_letter')).toHaveLength(letters);
      expect(world.announced).toHaveLength(letters);
    }),
    { numRuns: 150 },
  );
  // So that the property is one of all three.
  for (const count of Object.values(world.state.counts)) expect(count).toBeGreaterThan(0);
});
