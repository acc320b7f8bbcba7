import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { startApp } from '../harness/app-process.js';
import { startEmbeddedServers } from '../harness/embedded-servers.js';
import { freshPrefix } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';
import { outage, say } from './outage.js';
import { sendEvents } from './sent-events.js';
import { Victim } from './victim.js';

const EVENTS = 100_000;
const TOKEN = randomUUID();

it('loses and doubles nothing while the events app, Kafka and PostgreSQL are killed', async () => {
  const servers = await startEmbeddedServers({ postgresSettings: { max_wal_size: '1GB' } });
  const env = {
    KAFKA_BROKERS: servers.kafka.brokers.join(','),
    DATABASE_URL: servers.postgres.url,
    TIDINGS_PREFIX: freshPrefix(),
    TIDINGS_ADMIN_TOKEN: TOKEN,
    TIDINGS_ROLES: undefined,
    LOG_LEVEL: 'error',
  };
  const gateway = await startApp('gateway', env);
  const victim = new Victim('events', { ...env, TIDINGS_ROLES: 'ingest' });
  try {
    victim.keepKilling();
    const outages = [
      { after: EVENTS / 3, what: 'Kafka', server: servers.kafka },
      { after: (EVENTS * 2) / 3, what: 'PostgreSQL', server: servers.postgres },
    ];
    // Beside the sending, which has to bear it.
    const overcome: Promise<void>[] = [];
    const { acknowledged, repeated } = await sendEvents({ url: gateway.url, token: TOKEN, count: EVENTS }, (count) => {
      const [next] = outages;
      if (next === undefined || count < next.after) return;
      outages.shift();
      overcome.push(outage(next.what, next.server));
    });
    await Promise.all(overcome);
    const kills = await victim.leaveAlive();
    say(
      `${acknowledged.size} events acknowledged, ${repeated} requests repeated, the events app killed ${kills} times`,
    );

    const client = new Client(servers.postgres.url);
    await client.connect();
    const stored = async (): Promise<number> =>
      Number((await client.query<{ n: string }>('SELECT count(*) AS n FROM events.event')).rows[0]?.n);
    await until(async () => (await stored()) >= EVENTS, {
      timeout: 60_000,
      interval: 500,
      what: 'all events to be stored',
    });
    const rows = (await client.query<{ event_id: string }>('SELECT event_id FROM events.event')).rows;
    const distinct = new Set(rows.map((row) => row.event_id));
    const lost = [...acknowledged].filter((id) => !distinct.has(id));
    say(`stored ${rows.length}, lost ${lost.length}, doubled ${rows.length - distinct.size}`);
    expect(acknowledged.size).toBe(EVENTS);
    expect(lost).toEqual([]);
    expect(rows.length).toBe(distinct.size);
    expect(distinct.size).toBe(EVENTS);
    expect(kills).toBeGreaterThan(2);
    expect((await client.query('SELECT * FROM events.dead_letter')).rows).toEqual([]);
    expect(await inversions(client)).toBe(0);
    await client.end();
  } finally {
    await victim.leaveAlive();
    await Promise.all([victim.stop(), gateway.stop()]);
    await servers.stop();
  }
});

/** Rows whose order in the store is not their order in the partition. */
async function inversions(client: Client): Promise<number> {
  const { rows } = await client.query<{ inversions: string }>(
    `SELECT count(*) AS inversions FROM (
      SELECT kafka_offset, lag(kafka_offset) OVER (
        PARTITION BY kafka_topic_id, kafka_partition ORDER BY transaction, sequence) AS former FROM events.event) pairs
    WHERE kafka_offset < former`,
  );
  return Number(rows[0]?.inversions);
}
