import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';

/** What one batch of the ingest may hold: drawn numbers whose rows are not committed yet. */
const BATCH = 3_000;
const POLL_MS = 20;

/** Up to which number the store's rows are numbered. */
export async function lastSequence(client: Client): Promise<number> {
  const { rows } = await client.query<{ last_value: string; is_called: boolean }>(
    'SELECT last_value, is_called FROM events.event_sequence',
  );
  return rows[0]?.is_called === true ? Number(rows[0].last_value) : 0;
}

/**
 * From the first new row seen to the last: how fast the ingest runs, not how long it takes to start.
 * @param count how many rows will come
 * @param from {@link lastSequence} before they come
 * @returns rows a second
 */
export async function storedRate(client: Client, count: number, from = 0): Promise<number> {
  let first: { at: number; stored: number } | undefined;
  for (;;) {
    const stored = await storedSince(client, count, from);
    const at = performance.now();
    if (first === undefined && stored > 0) first = { at, stored };
    if (first !== undefined && stored >= count) return ((stored - first.stored) / (at - first.at)) * 1000;
    await delay(POLL_MS);
  }
}

async function storedSince(client: Client, count: number, from: number): Promise<number> {
  const drawn = (await lastSequence(client)) - from;
  // Numbers are drawn before the commit, by the hundred: near the end the rows themselves are counted.
  if (drawn < count) return Math.max(0, drawn - BATCH);
  const counted = await client.query<{ count: string }>(
    'SELECT count(*) AS count FROM events.event WHERE sequence > $1',
    [from],
  );
  return Number(counted.rows[0]?.count);
}
