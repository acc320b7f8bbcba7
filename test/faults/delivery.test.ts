import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { startApp } from '../harness/app-process.js';
import { startEmbeddedServers } from '../harness/embedded-servers.js';
import { freshPrefix } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';
import { outage, say } from './outage.js';
import { sendEvents } from './sent-events.js';
import { subscribe } from './subscriptions.js';
import { Victim } from './victim.js';

const EVENTS = 50_000;
const SUBSCRIPTIONS = 4;
const DELIVERIES = EVENTS * SUBSCRIPTIONS;
/** What may be under way to one destination in one process. */
const MOST_UNDER_WAY = 64;
const TOKEN = randomUUID();

/** What came, by `webhook-id`: of which event it was each time. */
class Sink {
  readonly events = new Map<string, Set<string>>();
  received = 0;
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const id = String(request.headers['webhook-id']);
      const { id: event } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { id: string };
      this.received += 1;
      this.events.set(id, (this.events.get(id) ?? new Set()).add(event));
      response.writeHead(204).end();
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

it('delivers everything at least once while the matcher, the dispatcher, Kafka and PostgreSQL are killed', async () => {
  const servers = await startEmbeddedServers({ postgresSettings: { max_wal_size: '1GB' } });
  const env = {
    KAFKA_BROKERS: servers.kafka.brokers.join(','),
    DATABASE_URL: servers.postgres.url,
    TIDINGS_PREFIX: freshPrefix(),
    TIDINGS_ADMIN_TOKEN: TOKEN,
    TIDINGS_SECRET_KEY: randomBytes(32).toString('base64'),
    TIDINGS_OUTBOUND_ALLOW: '127.0.0.0/8',
    TIDINGS_ROLES: undefined,
    LOG_LEVEL: 'error',
  };
  const sink = new Sink();
  const [sinkUrl, gateway, api] = await Promise.all([
    sink.listen(),
    startApp('gateway', env),
    startApp('notifications', { ...env, TIDINGS_ROLES: 'api' }),
  ]);
  const sinks = Array.from({ length: SUBSCRIPTIONS }, (_, n) => [`sink ${n}`, sinkUrl] as const);
  await subscribe({ url: api.url, token: TOKEN }, { system: 'cds', receivers: Object.fromEntries(sinks) });

  /** How many may come twice: what was under way when its process, or the database, was killed. */
  let repeatable = 0;
  const noteLeases = async (): Promise<void> => {
    repeatable += await until(() => countOf(servers.postgres.url, "state = 'leased'"), { timeout: 60_000 });
  };
  const matcher = new Victim('notifications', { ...env, TIDINGS_ROLES: 'match' });
  const dispatcher = new Victim('notifications', { ...env, TIDINGS_ROLES: 'deliver' }, noteLeases);
  try {
    matcher.keepKilling();
    dispatcher.keepKilling();
    const outages = [
      { after: EVENTS / 3, what: 'Kafka', server: servers.kafka },
      { after: (EVENTS * 2) / 3, what: 'PostgreSQL', server: servers.postgres },
    ];
    const overcome: Promise<void>[] = [];
    const { acknowledged } = await sendEvents({ url: gateway.url, token: TOKEN, count: EVENTS }, (count) => {
      const [next] = outages;
      if (next === undefined || count < next.after) return;
      outages.shift();
      repeatable += MOST_UNDER_WAY * SUBSCRIPTIONS;
      overcome.push(outage(next.what, next.server));
    });
    await Promise.all(overcome);
    const kills = { matcher: await matcher.leaveAlive(), dispatcher: await dispatcher.leaveAlive() };
    say(
      `${acknowledged.size} events acknowledged; the matcher killed ${kills.matcher} times, the dispatcher ${kills.dispatcher}`,
    );
    let told = 0;
    await until(
      async () => {
        const delivered = await countOf(servers.postgres.url, "state = 'delivered'");
        if (delivered - told >= DELIVERIES / 10) say(`${(told = delivered)} of ${DELIVERIES} delivered`);
        return delivered >= DELIVERIES;
      },
      { timeout: 400_000, interval: 500, what: 'everything to be delivered' },
    );
    const repeated = sink.received - sink.events.size;
    say(`the sink got ${sink.events.size} messages, ${repeated} of them again; ${repeatable} were under way at kills`);

    expect(acknowledged.size).toBe(EVENTS);
    expect(kills.matcher).toBeGreaterThan(2);
    expect(kills.dispatcher).toBeGreaterThan(2);
    expect(await countOf(servers.postgres.url, 'true')).toBe(DELIVERIES);
    expect(sink.events.size).toBe(DELIVERIES);
    const ofEvents = new Map<string, number>();
    for (const events of sink.events.values()) {
      // One id is of one event, however often it comes and whoever sends it.
      expect(events.size).toBe(1);
      for (const event of events) ofEvents.set(event, (ofEvents.get(event) ?? 0) + 1);
    }
    expect([...acknowledged].filter((id) => ofEvents.get(id) !== SUBSCRIPTIONS)).toEqual([]);
    expect(repeated).toBeLessThanOrEqual(repeatable);
  } finally {
    await Promise.all([matcher.leaveAlive(), dispatcher.leaveAlive()]);
    await Promise.all([matcher.stop(), dispatcher.stop(), gateway.stop(), api.stop()]);
    await servers.stop();
    sink.close();
  }
}, 900_000);

async function countOf(databaseUrl: string, condition: string): Promise<number> {
  const client = new Client(databaseUrl);
  // It is killed, too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const text = `SELECT count(*)::integer AS n FROM notifications.delivery WHERE ${condition}`;
    return (await client.query<{ n: number }>(text)).rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}
