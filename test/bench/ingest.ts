import { finished } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { benchEvents } from './events.js';
import { type Figure, progress } from './figures.js';
import { rate, recordOf } from './publish.js';
import { storedRate } from './stored-rate.js';
import type { BenchWorld } from './world.js';

const EVENTS = 200_000;
const BATCH = 3_000;
const PRELOAD_BATCH = 1_000;

/** What the ingest's own COPY writes; the database fills in the others. */
const COLUMNS = `id, time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset, tenant, project, actor,
  related_user, outcome, conforming, event_id, subject, message, data, auth_method, personal_token, attributes, problems`;

/** From a preloaded kafkaTopic to committed rows, beside a bare COPY of the same rows. */
export async function ingestFigures(world: BenchWorld): Promise<readonly Figure[]> {
  await preload(world);
  const client = new Client(world.databaseUrl);
  await client.connect();
  try {
    progress(`ingesting ${EVENTS} events`);
    const env = { TIDINGS_PREFIX: 'load.', TIDINGS_ROLES: 'ingest' };
    const measured = await world.withApp('events (ingest)', 'events', env, () => storedRate(client, EVENTS));
    progress('copying the same rows with COPY alone');
    const bare = await bareCopyRate(client);
    const nine = await nineColumnRate(client);
    const reached = measured / bare >= 0.6 && (measured >= 25_000 || nine < 50_000);
    return [
      {
        name: 'ingest, one process, 6 partitions',
        unit: 'events/s',
        value: measured,
        limit: { of: 'COPY, one connection, same rows, table and indexes', value: bare },
        aim: { text: '≥ 0.6 × COPY, and ≥ 25,000 where nine columns reach 50,000', reached },
      },
      { name: 'this machine: COPY into nine columns, six indexes', unit: 'rows/s', value: nine },
    ];
  } finally {
    await client.end();
  }
}

async function preload(world: BenchWorld): Promise<void> {
  progress(`loading ${EVENTS} events into Kafka`);
  const transport = await world.topics('load.');
  const publisher = await transport.createPublisher();
  const records = benchEvents(EVENTS).map((event, index) => recordOf(event, index, 'load.'));
  for (let at = 0; at < records.length; at += PRELOAD_BATCH)
    await publisher.publish(records.slice(at, at + PRELOAD_BATCH));
  await transport.close();
}

async function bareCopyRate(client: Client): Promise<number> {
  const batches: Buffer[] = [];
  const { rows } = await client.query<{ from: string; to: string }>(
    `SELECT min(sequence) AS from, max(sequence) AS to FROM (
      SELECT sequence, (row_number() OVER (ORDER BY sequence) - 1) / ${BATCH} AS batch FROM events.event) numbered
    GROUP BY batch ORDER BY batch`,
  );
  for (const { from, to } of rows) {
    const stream = client.query(
      copyTo(
        `COPY (SELECT ${COLUMNS} FROM events.event WHERE sequence BETWEEN ${from} AND ${to}) TO STDOUT (FORMAT binary)`,
      ),
    );
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    batches.push(Buffer.concat(chunks));
  }
  await client.query('TRUNCATE events.event');
  await client.query('CHECKPOINT');
  return await rate(EVENTS, async () => {
    for (const batch of batches)
      await copyBatch(client, `COPY events.event (${COLUMNS}) FROM STDIN (FORMAT binary)`, batch);
  });
}

/** The table by which reliability figures of such machines are compared: everything as text, six B-tree indexes. */
async function nineColumnRate(client: Client): Promise<number> {
  const columns = 'id, source, type, time, subject, tenant, project, message, data';
  await client.query(`
    DROP TABLE IF EXISTS nine_columns;
    CREATE TABLE nine_columns (id uuid PRIMARY KEY, source text, type text, time timestamptz, subject text, tenant uuid,
      project uuid, message text, data json);
    CREATE INDEX ON nine_columns (time);
    CREATE INDEX ON nine_columns (type, time);
    CREATE INDEX ON nine_columns (subject, time);
    CREATE INDEX ON nine_columns (tenant, time);
    CREATE INDEX ON nine_columns (project, time)`);
  const batches = batchesOf(benchEvents(EVENTS));
  await client.query('CHECKPOINT');
  return await rate(EVENTS, async () => {
    for (const batch of batches) await copyBatch(client, `COPY nine_columns (${columns}) FROM STDIN`, batch);
  });
}

function batchesOf(events: ReturnType<typeof benchEvents>): readonly Buffer[] {
  const batches: Buffer[] = [];
  for (let at = 0; at < events.length; at += BATCH) {
    const lines = events.slice(at, at + BATCH).map(({ type, time, data }) => {
      const { context, message } = data as { context: Record<string, string>; message: string };
      const { resource_uuid: resource, customer_uuid: customer, project_uuid: project } = context;
      const text = JSON.stringify(data).replaceAll('\\', '\\\\');
      return [crypto.randomUUID(), '/waldur/bench', type.type, time, resource, customer, project, message, text].join(
        '\t',
      );
    });
    batches.push(Buffer.from(`${lines.join('\n')}\n`));
  }
  return batches;
}

async function copyBatch(client: Client, statement: string, rows: Buffer): Promise<void> {
  await client.query('BEGIN');
  const stream = client.query(copyFrom(statement));
  stream.end(rows);
  await finished(stream);
  await client.query('COMMIT');
}
