import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSource, poolOf } from '@tidings/database';
import { createBatchIngest, EVENTS_MIGRATIONS, EVENTS_SCHEMA, IngestState } from '@tidings/events';
import type { IncomingRecord } from '@tidings/transport';
import { Client } from 'pg';
import { startEmbeddedServers } from '../harness/embedded-servers.js';
import { benchEvents } from './events.js';
import { percentile, progress } from './figures.js';
import { recordOf } from './publish.js';

const EVENTS = Number(process.env['EVENTS'] ?? 300_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const BATCH = 3_000;
const COLUMNS = `id, time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset, tenant, project, actor,
  related_user, outcome, conforming, event_id, subject, message, data, auth_method, personal_token, attributes, problems,
  search_text`;
/** Linux counts a process's time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Another set of indexes than the store's own: what is dropped, or added, before the rows are copied. */
interface Variant {
  readonly name: string;
  readonly change?: string;
  readonly undo?: string;
}

/** What a copy of all rows took. */
interface Cost {
  /** Processor time of the server's backend. */
  readonly microsPerRow: number;
  readonly megabytes: number;
}

const BASELINE: Variant = { name: 'the store as it is' };

const added = (definition: string): Variant => ({
  name: `with ${definition}`,
  change: `CREATE INDEX extra ON events.event ${definition}`,
  undo: 'DROP INDEX events.extra',
});

/** Questions that other indexes would answer. */
const ADDED: readonly Variant[] = [
  added('(project, type_id, id) WHERE project IS NOT NULL'),
  added('(actor, type_id, id) WHERE actor IS NOT NULL'),
];
/** So dear that one round tells. */
const TRIGRAMS = added('USING gin (search_text gin_trgm_ops)');

/**
 * What each index costs the ingest: processor time of the server's one backend for the COPY of the same rows, because
 * that, unlike the wall's, does not depend on who else uses the machine.
 */
const folder = mkdtempSync(join(tmpdir(), 'tidings-index-cost-'));
chmodSync(folder, 0o777);
const servers = await startEmbeddedServers({
  postgresSettings: { shared_buffers: '1GB', max_wal_size: '8GB', jit: 'off', fsync: 'off' },
});
try {
  const dataSource = await createDataSource({
    url: servers.postgres.ownerUrl,
    applicationName: 'bench',
    schema: EVENTS_SCHEMA,
    migrations: EVENTS_MIGRATIONS,
    poolSize: 2,
  });
  await ingest(dataSource);
  const client = new Client(servers.postgres.ownerUrl);
  await client.connect();
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
  const files = await copyOut(client);
  process.stdout.write(`${cpus().length} × ${cpus()[0]?.model ?? ''}, ${EVENTS} rows in batches of ${BATCH}\n`);
  const variants = [BASELINE, ...(await withoutEach(client)), ...ADDED];
  const costs = new Map<Variant, Cost[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const variant of variants) {
      progress(`round ${round + 1} of ${ROUNDS}: ${variant.name}`);
      costs.set(variant, [...(costs.get(variant) ?? []), await measure(client, variant, files)]);
    }
  }
  progress(TRIGRAMS.name);
  costs.set(TRIGRAMS, [await measure(client, TRIGRAMS, files)]);
  process.stdout.write(`\n${tableOf(costs)}\n`);
  await client.end();
  await dataSource.destroy();
} finally {
  await servers.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function ingest(dataSource: Awaited<ReturnType<typeof createDataSource>>): Promise<void> {
  progress(`storing ${EVENTS} events`);
  const ingest = createBatchIngest({
    pool: poolOf(dataSource),
    prefix: '',
    state: new IngestState(() => undefined),
  });
  const events = benchEvents(EVENTS);
  for (let at = 0; at < EVENTS; at += BATCH) {
    const records = events.slice(at, at + BATCH).map((event, index): IncomingRecord => {
      const { value, headers } = recordOf(event, at + index, '');
      return {
        offset: String(at + index),
        timestamp: '0',
        key: null,
        value: value === null ? null : Buffer.from(value),
        headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))])),
      };
    });
    await ingest.handle(
      { kafkaTopic: 'lifecycle.waldur.resources', partition: 0, records },
      { heartbeat: () => Promise.resolve(), isStale: () => false },
    );
  }
}

async function copyOut(client: Client): Promise<readonly string[]> {
  const files: string[] = [];
  for (let at = 0; at < EVENTS; at += BATCH) {
    const file = join(folder, `${at}.copy`);
    await client.query(
      `COPY (SELECT ${COLUMNS} FROM events.event WHERE kafka_offset BETWEEN ${at} AND ${at + BATCH - 1} ORDER BY sequence)
      TO PROGRAM 'cat > ${file}; chmod 644 ${file}' (FORMAT binary)`,
    );
    files.push(file);
  }
  return files;
}

/** The store without each of its indexes but the key, as its migrations have made them. */
async function withoutEach(client: Client): Promise<readonly Variant[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT relname AS name, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') AS definition
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = 'events.event'::regclass AND NOT indisprimary ORDER BY indexrelid`,
  );
  return rows.map(({ name, definition }) => ({
    name: `without ${name}`,
    change: `DROP INDEX events.${name}`,
    undo: definition,
  }));
}

async function measure(client: Client, { change, undo }: Variant, files: readonly string[]): Promise<Cost> {
  await client.query('TRUNCATE events.event');
  if (change !== undefined) await client.query(change);
  await client.query('CHECKPOINT');
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const pid = rows[0]?.pid ?? 0;
  const before = processorSeconds(pid);
  for (const file of files) await client.query(`COPY events.event (${COLUMNS}) FROM '${file}' (FORMAT binary)`);
  const seconds = processorSeconds(pid) - before;
  const sizes = await client.query<{ bytes: string }>(
    `SELECT sum(pg_relation_size(indexrelid)) AS bytes FROM pg_index
    WHERE indrelid IN (SELECT relid FROM pg_partition_tree('events.event') WHERE isleaf)`,
  );
  if (undo !== undefined) {
    await client.query('TRUNCATE events.event');
    await client.query(undo);
  }
  return { microsPerRow: (seconds / EVENTS) * 1e6, megabytes: Number(sizes.rows[0]?.bytes) / 1e6 };
}

/** As docs/decisions/0006 shows it; the baseline is the first. */
function tableOf(costs: ReadonlyMap<Variant, readonly Cost[]>): string {
  const median = (variant: Variant, of: keyof Cost): number =>
    percentile(
      (costs.get(variant) ?? []).map((cost) => cost[of]),
      0.5,
    );
  const lines = [...costs.keys()].map((variant) => {
    const [micros, megabytes] = [median(variant, 'microsPerRow'), median(variant, 'megabytes')];
    const more = micros - median(BASELINE, 'microsPerRow');
    const spread = (costs.get(variant) ?? []).map(({ microsPerRow }) => microsPerRow.toFixed(1)).join(', ');
    const difference = variant === BASELINE ? '' : `${more < 0 ? '−' : '+'}${Math.abs(more).toFixed(1)}`;
    return `| ${variant.name} | ${micros.toFixed(1)} | ${difference} | ${spread} | ${megabytes.toFixed(0)} |`;
  });
  return [
    '| the store | µs/row, median | difference | rounds | all indexes, MB |',
    '| --- | ---: | ---: | --- | ---: |',
    ...lines,
  ].join('\n');
}

function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
