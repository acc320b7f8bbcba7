import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { AppProcess, startApp } from '../harness/app-process.js';
import { startEmbeddedServers } from '../harness/embedded-servers.js';
import { freshPrefix } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';

const EVENTS = 100_000;
const BATCH = 500;
/** So that the events keep coming while things are killed; milliseconds between two batches. */
const PACE_MS = 500;
/** How long the events app may live, milliseconds. */
const LIFETIME = { least: 500, most: 15_000 } as const;
const TOKEN = randomUUID();

interface Sent {
  readonly acknowledged: ReadonlySet<string>;
  /** Requests that had to be made again. */
  readonly repeated: number;
}

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
  const victim = new Victim({ ...env, TIDINGS_ROLES: 'ingest' });
  try {
    victim.keepKilling();
    const outages = [
      { after: EVENTS / 3, what: 'Kafka', server: servers.kafka },
      { after: (EVENTS * 2) / 3, what: 'PostgreSQL', server: servers.postgres },
    ];
    // Beside the sending, which has to bear it.
    const overcome: Promise<void>[] = [];
    const { acknowledged, repeated } = await send(gateway.url, (count) => {
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

async function outage(what: string, server: { kill(): Promise<void>; start(): Promise<void> }): Promise<void> {
  say(`killing ${what}`);
  await server.kill();
  await server.start();
  say(`${what} is back`);
}

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

/** Sends every event until it is acknowledged. @param onProgress called with the count of acknowledged ones */
async function send(url: string, onProgress: (count: number) => void): Promise<Sent> {
  const acknowledged = new Set<string>();
  let repeated = 0;
  for (let at = 0; at < EVENTS; at += BATCH) {
    const events = Array.from({ length: BATCH }, (_, n) => cloudEvent(at + n));
    const body = JSON.stringify(events);
    // Kafka may be away for a while; what is not acknowledged is sent again, with the same ids.
    while (!(await accepted(url, body))) {
      repeated += 1;
      await delay(PACE_MS);
    }
    for (const { id } of events) acknowledged.add(id);
    if (at % 10_000 === 0) say(`${acknowledged.size} of ${EVENTS} events acknowledged`);
    onProgress(acknowledged.size);
    await delay(PACE_MS);
  }
  return { acknowledged, repeated };
}

async function accepted(url: string, body: string): Promise<boolean> {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/cloudevents-batch+json' },
    body,
  });
  const text = await response.text();
  if (response.status === 202) return true;
  if (response.status === 503) return false;
  throw new Error(`The gateway answered ${response.status}: ${text.slice(0, 500)}`);
}

function cloudEvent(n: number): Readonly<Record<string, unknown>> & { readonly id: string } {
  return {
    specversion: '1.0',
    id: `fault-${n}`,
    source: '/cds/faults',
    type: 'com.ovh.cds.RunJobEnqueued',
    time: new Date(Date.UTC(2026, 10, 2) + n * 1000).toISOString(),
    data: {
      project_key: `P${n % 20}`,
      vcs_name: 'github',
      repository: 'polar/variant-caller',
      workflow: 'build',
      workflow_run_id: `run-${n % 500}`,
      run_job_id: `job-${n % 500}`,
      run_number: n,
      run_attempt: 1,
      job_id: 'compile',
      status: 'Waiting',
      payload: {},
    },
  };
}

/** The events app, killed at random and started again at once. */
class Victim {
  private alive = true;
  private kills = 0;
  private process: AppProcess | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(private readonly env: Readonly<Record<string, string | undefined>>) {}

  keepKilling(): void {
    this.round = this.killForEver();
  }

  /** Stops the killing and starts it a last time. @returns how often it was killed */
  async leaveAlive(): Promise<number> {
    this.alive = false;
    await this.round;
    return this.kills;
  }

  async stop(): Promise<void> {
    await this.process?.stop();
  }

  private async killForEver(): Promise<void> {
    while (this.alive) {
      this.process = await AppProcess.spawn('events', this.env);
      const end = performance.now() + randomInt(LIFETIME.least, LIFETIME.most);
      await Promise.race([
        this.process.ended,
        until(() => !this.alive || performance.now() >= end, { timeout: LIFETIME.most * 2 }),
      ]);
      if (!this.alive) break;
      const { signal } = await this.process.stop('SIGKILL');
      if (signal === 'SIGKILL') this.kills += 1;
    }
    // It may have ended by itself in the last moment, or not have been there at all.
    await this.process?.stop();
    this.process = await startApp('events', this.env);
  }
}

function say(what: string): void {
  process.stderr.write(`… ${what}\n`);
}
