import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { IHeaders, Message } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzz, FuzzWorld } from './fuzz-world.js';
import { hostileBody, hostileJson, hostileText, PAYLOAD, spoiledAttributes } from './hostile-values.js';

let world: FuzzWorld;
let instance: string;

beforeAll(async () => {
  world = await FuzzWorld.start();
  instance = '/event-notifications/v1/instances/default';
});
afterAll(async () => world.stop());

const CONTENT_TYPES = [
  ...['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json', 'application/x-ndjson'],
  ...['application/x-www-form-urlencoded', 'text/plain', '', 'multipart/form-data; boundary=x', 'a/b; charset=utf-16'],
];
const DOORS = [
  ...['/v1/events', '/v1/ingest/waldur', '/v1/ingest/lxd?site=x', '/v1/ingest/cds', '/v1/ingest/ibm'],
  ...['/api/tokens/', '/api/dead-letters/1/retry/', '/api/connectors/x/pause'],
];
const INSTANCE_DOORS = ['notifications', 'topics', 'destinations', 'subscriptions', 'templates', 'sources'];
const QUERIES = [
  ...['/api/events/', '/api/events/count/', '/api/events/histogram/', '/api/events-stats/', '/api/dead-letters/'],
  ...[
    '/api/events/event_groups/',
    '/api/catalogue/',
    '/api/audit/',
    '/v1/stream',
    '/1.0/events',
    '/api/events/export/',
  ],
];
const NAMES = ['q', 'type', 'system', 'scope', 'created_from', 'page', 'page_size', 'o', 'since', 'field', 'subject'];

describe('whatever comes in over HTTP', { timeout: 1_200_000 }, () => {
  it('is answered: any body at any door', async () => {
    const doors = fc.oneof(
      fc.constantFrom(...DOORS),
      fc.constantFrom(...INSTANCE_DOORS).map((name) => `${instance}/${name}`),
    );
    const requests = fc.tuple(doors, fc.constantFrom(...CONTENT_TYPES), hostileBody, fc.boolean());
    await fuzz(0.2, requests, async ([path, type, body, gzip]) => {
      await world.ask({ method: 'POST', path, headers: { 'content-type': type }, body, gzip });
    });
    await world.demandHealth();
  });

  it('is answered: attributes in headers', async () => {
    // What Node's own client refuses to send goes over a bare connection, below.
    const sendable = (text: string): string => encodeURIComponent(text.toWellFormed()).slice(0, 5_000);
    await fuzz(0.08, spoiledAttributes, async (attributes) => {
      const given = Object.entries(attributes).filter(([name]) => /^[\w-]+$/.test(name));
      const headers = Object.fromEntries(given.slice(0, 90).map(([name, value]) => [`ce-${name}`, sendable(value)]));
      const body = Buffer.from(PAYLOAD);
      await world.ask({
        method: 'POST',
        path: '/v1/events',
        headers: { ...short(headers), 'content-type': 'application/json' },
        body,
      });
    });
    await world.demandHealth();
  });

  it('is answered: any query', async () => {
    const parameters = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), hostileText), hostileText), {
      maxLength: 6,
    });
    await fuzz(0.08, fc.tuple(fc.constantFrom(...QUERIES), parameters), async ([path, given]) => {
      const encoded = (text: string): string => encodeURIComponent(text.toWellFormed()).slice(0, 2_000);
      const query = given.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
      await world.ask({ method: 'GET', path: `${path}?${query}` });
    });
    await world.demandHealth();
  });

  it('ends nothing: heads that are none, bodies that stop', async () => {
    const head = fc.tuple(
      fc.constantFrom('POST', 'GET', 'PUT', 'OPTIONS', 'X'),
      fc.constantFrom(...DOORS, ...QUERIES, '*', 'http://x/', '//'),
      fc.constantFrom(
        'Content-Length: 1000',
        'Transfer-Encoding: chunked',
        'Expect: 100-continue',
        'Content-Length: -1',
      ),
      fc.constantFrom(
        '',
        'Authorization: Bearer x',
        `Authorization: Bearer ${'y'.repeat(9_000)}`,
        'Content-Encoding: gzip',
      ),
      fc.constantFrom(...CONTENT_TYPES),
      fc.uint8Array({ maxLength: 300 }),
    );
    const isToken = fc.boolean();
    await fuzz(0.08, fc.tuple(head, isToken), async ([[method, path, length, other, type, rest], hasToken]) => {
      const token = hasToken ? `\r\nAuthorization: Bearer ${world.own.token}` : '';
      const lines = `${method} ${path} HTTP/1.1\r\nHost: x\r\n${length}\r\n${other}${token}\r\nContent-Type: ${type}\r\n\r\n`;
      await world.talk(Buffer.concat([Buffer.from(lines), Buffer.from(rest)]));
    });
    await world.demandHealth();
  });
});

describe('whatever stands in a kafkaTopic', { timeout: 1_200_000 }, () => {
  it('is stored or put aside, and what is behind it is stored', async () => {
    const text = fc.oneof(hostileText, hostileJson).map((value) => Buffer.from(value.toWellFormed()));
    const bytes = fc.uint8Array({ maxLength: 500 }).map((value) => Buffer.from(value));
    const names = fc.constantFrom(
      'content-type',
      'CE_id',
      'ce_',
      'traceparent',
      'tidings-native',
      'tidings-problem',
      'ce_data',
    );
    const headers = fc.tuple(
      fc.option(spoiledAttributes, { nil: {} }),
      fc.dictionary(fc.oneof(names, hostileText), fc.oneof(bytes, text), { maxKeys: 5 }),
    );
    const records = fc.tuple(
      headers,
      fc.option(fc.oneof(bytes, text)),
      fc.option(bytes),
      fc.constantFrom(-1, 0, Date.now(), 1),
    );
    const topics = fc.constantFrom('lifecycle.cds.project', 'lifecycle.lxd.logging', 'lifecycle.waldur.customers');
    const batches = fc.tuple(topics, fc.nat(1), fc.array(records, { minLength: 1, maxLength: 60 }), fc.boolean());
    await fuzz(0.3, batches, async ([topic, partition, batch, isGzip]) => {
      await world.produce(topic, partition, batch.map(messageOf), isGzip);
    });
    await world.demandHealth();
  });
});

describe('whatever comes over a WebSocket', { timeout: 1_200_000 }, () => {
  it('ends that connection at most', async () => {
    const frames = fc.array(
      fc.tuple(fc.nat(255), fc.constantFrom(0x80, 0x00), fc.nat(127), fc.uint8Array({ maxLength: 200 })),
      { maxLength: 20 },
    );
    await fuzz(0.08, fc.tuple(fc.constantFrom('/v1/stream', '/1.0/events'), frames), async ([path, sent]) => {
      const head = [
        `GET ${path} HTTP/1.1`,
        'Host: x',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        `Authorization: Bearer ${world.own.token}`,
      ];
      const bytes = sent.map(([first, mask, length, data]) => Buffer.from([first, mask | length, ...data]));
      await world.talk(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), ...bytes]));
    });
    await world.demandHealth();
  });
});

describe('whatever a tenant configures', { timeout: 1_200_000 }, () => {
  it('is accepted or refused: rules, and the events that they are tried on', async () => {
    const atom = fc.oneof(
      fc.constantFrom(
        '$.type',
        '$.data.a[*]',
        '$..x',
        '$.data["a b"]',
        '$.data[?(@.x == 1)]',
        '@.x',
        '1e400',
        '"text"',
        'null',
      ),
      fc.constantFrom(
        '~',
        '=~ "(a{0,900})?"',
        '=~ "[[:^alpha:]]+$"',
        '($',
        '))',
        '!!!',
        'not',
        '$.data.missing',
        '[1:9:-1]',
      ),
      hostileText.map((text) => JSON.stringify(text)),
    );
    const joined = fc
      .array(fc.tuple(atom, fc.constantFrom(' == ', ' != ', ' < ', ' =~ ', ' && ', ' || ', ' ', '.', '[')), {
        maxLength: 60,
      })
      .map((parts) => parts.map(([value, operator]) => value + operator).join(''));
    await fuzz(0.1, fc.tuple(fc.oneof(joined, hostileText), hostileJson), async ([filter, event]) => {
      const headers = { 'content-type': 'application/json' };
      const validated = Buffer.from(JSON.stringify({ filter }));
      await world.ask({ method: 'POST', path: `${instance}/filters/validate`, headers, body: validated });
      const tested = Buffer.from(`{"filter":${JSON.stringify(filter)},"event":{"data":${event},"type":"x"}}`);
      await world.ask({ method: 'POST', path: `${instance}/filters/test`, headers, body: tested });
    });
    await world.demandHealth();
  });

  it('is accepted or refused: templates', async () => {
    const part = fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{{{data}}}',
        '{{#each data}}',
        '{{/each}}',
        '{{> x}}',
        '{{lookup . "constructor"}}',
        '{{!--',
      ),
      fc.constantFrom(
        '{{#if a}}',
        '{{else}}',
        '{{/if}}',
        '{{@root}}',
        '{{../..}}',
        '{{#with (lookup . "x")}}',
        '"',
        '{',
        '\\',
      ),
      hostileText,
    );
    await fuzz(0.08, fc.array(part, { maxLength: 30 }), async (parts) => {
      const params = { body: Buffer.from(parts.join('').toWellFormed()).toString('base64') };
      const template = { name: `t-${randomBytes(6).toString('hex')}`, type: 'webhook.notification', params };
      const headers = { 'content-type': 'application/json' };
      await world.ask({
        method: 'POST',
        path: `${instance}/templates`,
        headers,
        body: Buffer.from(JSON.stringify(template)),
      });
    });
    await world.demandHealth();
  });
});

describe('after all of it', () => {
  it('the process is the same as before, and has put aside what it could not use', async () => {
    await world.demandHealth();
    expect(await world.metric('tidings_ingest_events')).toBeGreaterThan(0);
    // The heap is the image's, some 200 MB: a process that kept what it was sent would have ended.
    expect(await world.metric('process_resident_memory_bytes')).toBeLessThan(700 * 1024 * 1024);
  });
});

/** As many headers as Node's own parser takes. */
function short(headers: Readonly<Record<string, string>>): Record<string, string> {
  let room = 12_000;
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => (room -= name.length + value.length) > 0),
  );
}

function messageOf([[attributes, others], value, key, time]: [
  [Record<string, string>, Record<string, Buffer>],
  Buffer | null,
  Buffer | null,
  number,
]): Message {
  const named = Object.entries(attributes).map(([name, text]) => [`ce_${name}`, text.toWellFormed()] as const);
  const headers: IHeaders = Object.fromEntries([...named, ...Object.entries(others)]);
  return { headers, value, key, timestamp: String(time) };
}
