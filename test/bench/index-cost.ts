import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSource, poolOf } from '@tidings/database';
import { createBatchIngest, EVENTS_MIGRATIONS, EVENTS_SCHEMA, IngestState } from '@tidings/events';
import type { IncomingRecord } from '@tidings/transport';
import { Client } from 'pg';
import { startEmbeddedServers } from '../harness/embedded-servers.js';
import { benchEvents } from './events.js';
import { progress } from './figures.js';
import { recordOf } from './publish.js';

const EVENTS = Number(process.env['EVENTS'] ?? 500_000);
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

const without = (name: string, definition: string): Variant => ({
  name: `without ${name}`,
  change: `DROP INDEX events.${name}`,
  undo: `CREATE INDEX ${name} ON events.event ${definition}`,
});
const added = (name: string, definition: string): Variant => ({
  name: `with ${name} ${definition}`,
  change: `CREATE INDEX ${name} ON events.event ${definition}`,
  undo: `DROP INDEX events.${name}`,
});

const VARIANTS: readonly Variant[] = [
  { name: 'the store as it is' },
  without('event_by_sequence', '(sequence)'),
  without('event_by_transaction', '(transaction)'),
  without('event_by_type_id', '(type_id, id)'),
  without('event_by_tenant', '(tenant, id) WHERE tenant IS NOT NULL'),
  without('event_by_project', '(project, id) WHERE project IS NOT NULL'),
  without('event_by_actor', '(actor, id) WHERE actor IS NOT NULL'),
  added('extra', '(tenant, type_id, id) WHERE tenant IS NOT NULL'),
  added('extra', '(project, type_id, id) WHERE project IS NOT NULL'),
  added('extra', '(actor, type_id, id) WHERE actor IS NOT NULL'),
  added('extra', '(subject, id) WHERE subject IS NOT NULL'),
  added('extra', 'USING gin (search_text gin_trgm_ops)'),
  { name: 'the store as it is, once more' },
];

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
    url: servers.postgres.url,
    applicationName: 'bench',
    schema: EVENTS_SCHEMA,
    migrations: EVENTS_MIGRATIONS,
    poolSize: 2,
  });
  await ingest(dataSource);
  const client = new Client(servers.postgres.url);
  await client.connect();
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
  const files = await copyOut(client);
  process.stdout.write(`${cpus().length} × ${cpus()[0]?.model ?? ''}, ${EVENTS} rows in batches of ${BATCH}\n`);
  for (const variant of VARIANTS) await measure(client, variant, files);
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
    publisher: { publish: () => Promise.resolve(), close: () => Promise.resolve() },
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

async function measure(client: Client, { name, change, undo }: Variant, files: readonly string[]): Promise<void> {
  await client.query('TRUNCATE events.event');
  if (change !== undefined) await client.query(change);
  await client.query('CHECKPOINT');
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const pid = rows[0]?.pid ?? 0;
  const before = processorSeconds(pid);
  const begin = performance.now();
  for (const file of files) await client.query(`COPY events.event (${COLUMNS}) FROM '${file}' (FORMAT binary)`);
  const wall = (performance.now() - begin) / 1000;
  const seconds = processorSeconds(pid) - before;
  const size = await client.query<{ size: string }>(
    `SELECT pg_size_pretty(sum(pg_relation_size(indexrelid))) AS size FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid WHERE relname LIKE 'event\\_default\\_%' OR relname = 'event_default_pkey'`,
  );
  process.stdout.write(
    `${name}: ${((seconds / EVENTS) * 1e6).toFixed(1)} µs/row, ${(EVENTS / wall).toFixed(0)} rows/s; all indexes ${size.rows[0]?.size}\n`,
  );
  if (undo !== undefined) {
    await client.query('TRUNCATE events.event');
    await client.query(undo);
  }
}

function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
