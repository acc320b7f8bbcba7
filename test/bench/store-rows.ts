import { finished } from 'node:stream/promises';
import { catalogue, eventUuid, hyphenated, identityKey } from '@tidings/catalogue';
import { COPY_COLUMNS, DictionaryRepository, encodeRows, type EventRow, NameQuotaRepository } from '@tidings/events';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { progress } from './figures.js';
import { pick, RARE_EVERY, rareRow, templateRows } from './store-templates.js';

const BATCH = 20_000;
const LANES = 2;
const PROGRESS_MS = 5_000;
/** A step through the templates that meets each of them, and not one beside the other. */
const STEP = 7_919;

/** Of which time the events are, in microseconds. */
export interface Span {
  readonly start: bigint;
  readonly end: bigint;
}

/** Copies so many events, evenly over the time; the ingest's own encoder makes the rows. */
export async function copyEvents(pool: Pool, count: number, { start, end }: Span): Promise<void> {
  const templates = templateRows();
  const rare = rareRow();
  const dictionary = new DictionaryRepository(new NameQuotaRepository(catalogue));
  const { numbersOf } = await dictionary.numbersFor(pool, [...templates, rare]);
  const begin = performance.now();
  let told = begin;
  let next = 0;
  let copied = 0;
  const lane = async (): Promise<void> => {
    const client = await pool.connect();
    try {
      for (let at = next; at < count; at = next) {
        next += BATCH;
        const size = Math.min(BATCH, count - at);
        const rows = Array.from({ length: size }, (_, n) =>
          rowAt((at + n) % RARE_EVERY === 0 ? rare : pick(templates, (at + n) * STEP), at + n, count, start, end),
        );
        await copyBatch(client, rows, encodeRows(rows, numbersOf));
        copied += size;
        if (performance.now() - told < PROGRESS_MS) continue;
        told = performance.now();
        progress(`${copied} of ${count} rows, ${Math.round((copied / (performance.now() - begin)) * 1000)} a second`);
      }
    } finally {
      client.release();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function copyBatch(client: PoolClient, rows: readonly EventRow[], encoded: Buffer): Promise<void> {
  await client.query('BEGIN');
  await copy(client, `COPY events.event (${COPY_COLUMNS.join(', ')}) FROM STDIN (FORMAT binary)`, encoded);
  const identities = rows.map(({ key, id }) => `${hyphenated(key)}\t${hyphenated(id)}\n`).join('');
  await copy(client, 'COPY events.identity (key, event) FROM STDIN', Buffer.from(identities));
  await client.query('COMMIT');
}

function rowAt(template: EventRow, index: number, count: number, start: bigint, end: bigint): EventRow {
  const micros = start + ((end - start) * BigInt(index)) / BigInt(count);
  const eventId = `bench-${index}`;
  const key = identityKey(template.source, eventId);
  return { ...template, micros, eventId, key, id: eventUuid(micros, key) };
}

async function copy(client: PoolClient, statement: string, bytes: Buffer): Promise<void> {
  const stream = client.query(copyFrom(statement));
  stream.end(bytes);
  await finished(stream);
}
