import { EventsModule } from '@tidings/events';
import { createHttpApplication, EnvironmentModule, listen } from '@tidings/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { ApiWorld } from '../api-world.js';
import { openSse, storeEvents, untilIds, WebSocketClient } from './live-world.js';

let world: ApiWorld;
const open: { close(): void }[] = [];

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});
afterAll(async () => world.close());
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

/** One of each protocol. */
async function both(url: string, headers?: Readonly<Record<string, string>>) {
  const sse = await (await openSse(url, '', headers)).live();
  open.push(sse);
  const webSocket = await WebSocketClient.open(url, '', headers);
  open.push(webSocket);
  return { sse, webSocket };
}

/** The processes that listen for commits. */
async function listeners(): Promise<readonly number[]> {
  const { rows } = await world.pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN tidings_events%'`,
  );
  return rows.map(({ pid }) => pid);
}

describe('a stream', () => {
  it('ends when its token expires, and says so', async () => {
    const answer = await world.request('/api/tokens/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'for a moment',
        permissions: ['events:read'],
        scopes: ['*'],
        expires_at: new Date(Date.now() + 10_000).toISOString(),
      }),
    });
    const { token } = answer.json<{ token: string }>();
    const { sse, webSocket } = await both(world.url, { authorization: `Bearer ${token}` });
    expect([sse.isEnded, webSocket.closed]).toEqual([false, undefined]);
    await until(() => sse.isEnded && webSocket.closed !== undefined, { what: 'both streams to end' });
    expect(JSON.parse(sse.messages.at(-1)?.data ?? '')).toMatchObject({ reason: 'expired' });
    expect(webSocket.closed).toEqual({ code: 4401, reason: 'The token has expired.' });
  });

  it('ends with the process, and says where to go on', async () => {
    class LeavingProcess {}
    const leaving = await createHttpApplication(
      {
        module: LeavingProcess,
        imports: [EnvironmentModule.forRoot(world.environment), EventsModule.forRoot(world.environment)],
      },
      { log: () => undefined, warn: () => undefined, error: () => undefined },
    );
    const url = await listen(leaving, { host: '127.0.0.1', port: 0 });
    const { sse, webSocket } = await both(url);
    await leaving.close();
    await until(() => sse.isEnded && webSocket.closed !== undefined, { what: 'both streams to end' });
    expect(JSON.parse(sse.messages.at(-1)?.data ?? '')).toMatchObject({ reason: 'shutting-down' });
    expect(webSocket.closed).toEqual({ code: 1001, reason: expect.stringContaining('shutting down') as string });
    await storeEvents(world, [{ id: 'after-the-end' }]);
    const again = await openSse(world.url, `?last_event_id=${sse.lastId}`);
    open.push(again);
    await untilIds(() => again.eventIds, ['after-the-end']);
    expect(again.eventIds).toEqual(['after-the-end']);
  });

  it('goes on without a gap when the connection that hears of commits is lost', async () => {
    const { sse, webSocket } = await both(world.url);
    const [before = 0] = await until(async () => {
      const found = await listeners();
      return found.length > 0 ? found : undefined;
    });
    const names = Array.from({ length: 30 }, (_, index) => `unheard-${index}`);
    for (const [index, id] of names.entries()) {
      await storeEvents(world, [{ id }]);
      if (index === 10) await world.pool.query('SELECT pg_terminate_backend($1)', [before]);
    }
    await untilIds(() => sse.eventIds, names);
    await untilIds(() => webSocket.eventIds, names);
    expect([sse.eventIds, webSocket.eventIds]).toEqual([names, names]);
    // Another one listens in its place.
    await until(async () => (await listeners()).some((pid) => pid !== before), { what: 'another listener' });
    await storeEvents(world, [{ id: 'heard-again' }]);
    await until(() => sse.eventIds.at(-1) === 'heard-again' && webSocket.eventIds.at(-1) === 'heard-again');
  });
});
