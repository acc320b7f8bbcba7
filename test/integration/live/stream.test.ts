import { connect } from 'node:net';
import { EventsModule } from '@tidings/events';
import { createHttpApplication, EnvironmentModule, listen } from '@tidings/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { ApiWorld } from '../api-world.js';
import { makeToken, openSse, sample, storeEvents, untilIds, WebSocketClient } from './live-world.js';
import type { SseClient } from './sse-client.js';

let world: ApiWorld;
let serial = 0;
const open: { close(): void }[] = [];

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});

afterAll(async () => world.close());

afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

/** Ids that no other test has. */
function ids(count: number): string[] {
  serial += 1;
  return Array.from({ length: count }, (_, index) => `${serial}-${index}`);
}

async function sse(query = '', headers: Readonly<Record<string, string>> = {}, url = world.url): Promise<SseClient> {
  const client = await openSse(url, query, headers);
  open.push(client);
  return client;
}

async function webSocket(query = '', headers?: Readonly<Record<string, string>>): Promise<WebSocketClient> {
  const client = await WebSocketClient.open(world.url, query, headers);
  open.push(client);
  return client;
}

describe('a stream', () => {
  it('says each event as it is stored, as Server-Sent Events and as WebSocket frames', async () => {
    const events = await (await sse()).live();
    const frames = await webSocket();
    const names = ids(3);
    await storeEvents(
      world,
      names.map((id) => ({ id })),
    );
    await untilIds(() => events.eventIds, names);
    await untilIds(() => frames.eventIds, names);
    expect(events.eventIds).toEqual(names);
    expect(frames.eventIds).toEqual(names);
    expect(events.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const [first] = events.messages;
    expect(first?.event).toBe('com.canonical.lxd.lifecycle.instance-created');
    expect(JSON.parse(first?.data ?? '')).toMatchObject({
      specversion: '1.0',
      source: '/lxd/main',
      subject: `/1.0/instances/${names[0]}`,
      time: '2026-11-02T08:01:53.204968Z',
      data: { type: 'lifecycle' },
    });
    expect(frames.received.map(({ position }) => position)).toEqual(events.messages.map(({ id }) => id));
  });

  it('holds what the filters of the query API choose', async () => {
    const created = await (await sse('?event_type=instance-created')).live();
    const others = await (await sse('?event_type!=instance-created&system=lxd')).live();
    const [a = '', b = '', c = ''] = ids(3);
    await storeEvents(world, [{ id: a }, { id: b, type: 'instance-brand-new' }, { id: c }]);
    await untilIds(() => created.eventIds, [a, c]);
    await untilIds(() => others.eventIds, [b]);
    expect([created.eventIds, others.eventIds]).toEqual([[a, c], [b]]);
  });

  it('answers HEAD and bad requests at once', async () => {
    expect((await world.request('/v1/stream', { method: 'HEAD' })).status).toBe(200);
    for (const query of ['?sytem=lxd', '?since=yesterday', '?last_event_id=7', `?last_event_id=${2n ** 63n}-1`]) {
      expect((await world.request(`/v1/stream${query}`)).status, query).toBe(400);
      await expect(webSocket(query), query).rejects.toThrow('refused: 400');
    }
    expect((await world.request('/v1/stream', { headers: { authorization: '' } })).status).toBe(401);
    await expect(webSocket('', {})).rejects.toThrow('refused: 401');
  });

  it('hears of the present after it has caught up, whoever of the same filter and scopes has left meanwhile', async () => {
    const past = ids(200);
    await storeEvents(
      world,
      past.map((id) => ({ id, site: 'rack7', padding: 60_000 })),
    );
    const first = await (await sse('?site=rack7')).live();
    const late = await sse('?site=rack7&last_event_id=0-0');
    late.response.pause();
    first.close();
    await until(async () => (await sample(world, 'tidings_streams_open{protocol="sse"}')) === 1, {
      what: 'the first to have left',
    });
    late.response.resume();
    await late.live();
    const [after = ''] = ids(1);
    await storeEvents(world, [{ id: after, site: 'rack7' }]);
    await untilIds(() => late.eventIds, [...past, after]);
    expect(late.eventIds).toEqual([...past, after]);
  });

  it('passes over no transaction that commits late', async () => {
    const client = await (await sse()).live();
    const [seed = '', later = ''] = ids(2);
    await storeEvents(world, [{ id: seed }]);
    await untilIds(() => client.eventIds, [seed]);
    const late = await world.pool.connect();
    try {
      await late.query('BEGIN');
      await late.query(
        `INSERT INTO events.event (id, time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset,
          conforming, event_id, message, data)
        SELECT gen_random_uuid(), time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset, conforming,
          'late', message, data FROM events.event WHERE event_id = $1`,
        [seed],
      );
      await storeEvents(world, [{ id: later }]);
      const fresh = await (await sse()).live();
      await late.query('COMMIT');
      await untilIds(() => client.eventIds, [seed, 'late', later]);
      expect(client.eventIds).toEqual([seed, 'late', later]);
      await untilIds(() => fresh.eventIds, ['late', later]);
    } finally {
      late.release();
    }
  });

  it('resumes without a gap or a double while several write', async () => {
    const names = ids(400);
    const received: string[] = [];
    let last = (await (await sse('?system=lxd')).live()).lastId ?? '';
    const writers = [0, 1, 2, 3].map(async (writer) => {
      for (let index = writer; index < names.length; index += 4) await storeEvents(world, [{ id: names[index] ?? '' }]);
    });
    let round = 0;
    while (received.length < names.length) {
      round += 1;
      const before = received.length;
      const client = round % 2 === 0 ? await sse(`?last_event_id=${last}`) : await sse('', { 'last-event-id': last });
      await until(() => client.eventIds.length >= Math.min(25, names.length - before), { interval: 5 });
      client.close();
      received.push(...client.eventIds);
      last = client.messages.at(-1)?.id ?? last;
    }
    await Promise.all(writers);
    expect(round).toBeGreaterThan(5);
    expect([...received].sort()).toEqual([...names].sort());
  });

  it('begins with a time in the past, out of the store', async () => {
    const { rows } = await world.pool.query<{ now: string }>(
      `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now`,
    );
    const names = ids(450);
    await storeEvents(
      world,
      names.map((id) => ({ id })),
    );
    const client = await sse(`?since=${rows[0]?.now ?? ''}`);
    await untilIds(() => client.eventIds, names);
    expect(client.eventIds).toEqual(names);
    const [more = ''] = ids(1);
    await storeEvents(world, [{ id: more }]);
    await until(() => client.eventIds.at(-1) === more);
  });

  it('is the same in every process', async () => {
    class SecondProcess {}
    const second = await createHttpApplication(
      {
        module: SecondProcess,
        imports: [EnvironmentModule.forRoot(world.environment), EventsModule.forRoot(world.environment)],
      },
      { log: () => undefined, warn: () => undefined, error: () => undefined },
    );
    try {
      const here = await (await sse()).live();
      const url = await listen(second, { host: '127.0.0.1', port: 0 });
      const there = await (await sse('', {}, url)).live();
      const names = ids(5);
      await storeEvents(
        world,
        names.map((id) => ({ id })),
      );
      await untilIds(() => here.eventIds, names);
      await untilIds(() => there.eventIds, names);
      expect(there.messages).toEqual(here.messages);
      await second.close();
      await until(() => there.isEnded);
      expect(JSON.parse(there.messages.at(-1)?.data ?? '')).toMatchObject({ reason: 'shutting-down' });
    } finally {
      await second.close();
    }
  });
});

describe('a stream among others', () => {
  it('is given up when nobody reads it, while the others go on', async () => {
    const reader = await (await sse()).live();
    const slow = 'tidings_streams_ended_total{protocol="sse",reason="slow"}';
    const before = await sample(world, slow);
    const { hostname, port } = new URL(world.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    let head = '';
    // It reads until it is live, and never again.
    const listening = (chunk: Buffer): void => void (head += chunk.toString());
    socket.on('data', listening);
    socket.write(
      `GET /v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a-token-for-tests-that-is-long-enough\r\n\r\n`,
    );
    await until(() => /\nid: [^\n]+\n\n/.test(head), { what: 'the stream to go live' });
    socket.off('data', listening).pause();
    const names = ids(120);
    for (const id of names) {
      await storeEvents(world, [{ id, padding: 200_000 }]);
      // Both run in this process: without its turns the one that reads would fall behind as well.
      await until(() => reader.eventIds.at(-1) === id, { what: `${id} at the one that reads` });
    }
    expect(reader.eventIds).toEqual(names);
    await until(async () => (await sample(world, slow)) === before + 1);
    expect(reader.isEnded).toBe(false);
    socket.destroy();
  });

  it('holds what its token may see and nothing else, and ends with it', async () => {
    const [red, blue] = [await makeToken(world, ['lxd:red']), await makeToken(world, ['lxd:blue'])];
    // Of sites that nobody has heard of when the streams begin.
    const reds = await (await sse('', { authorization: red.header })).live();
    const blues = await webSocket('', { authorization: blue.header });
    const [a = '', b = ''] = ids(2);
    await storeEvents(world, [
      { id: a, site: 'red' },
      { id: b, site: 'blue' },
    ]);
    await untilIds(() => reds.eventIds, [a]);
    await untilIds(() => blues.eventIds, [b]);
    expect([reds.eventIds, blues.eventIds]).toEqual([[a], [b]]);
    for (const { id } of [red, blue]) await world.request(`/api/tokens/${id}/`, { method: 'DELETE' });
    await until(() => reds.isEnded && blues.closed !== undefined);
    expect(JSON.parse(reds.messages.at(-1)?.data ?? '')).toMatchObject({ reason: 'revoked' });
    expect(blues.closed).toEqual({ code: 4401, reason: 'The token was revoked.' });
  });
});
