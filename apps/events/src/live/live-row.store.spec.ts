import type { Pool } from 'pg';
import { describe, expect, it } from 'vitest';
import { LiveRowStore } from './live-row.store.js';
import { parsePosition, positionText } from './store-position.js';

/** A store whose newest row was stored at the Unix epoch. */
const pool = {
  query: async ({ name }: { readonly name?: string }) =>
    Promise.resolve({ rows: name === undefined ? [{ transaction: '2156' }] : [{ stored_at: '0' }] }),
} as unknown as Pool;

describe('the position before a time', () => {
  it.each([0n, 10n ** 15n, 10n ** 26n])('of %d microseconds is one that a client may resume from', async (micros) => {
    const position = await new LiveRowStore(pool).before(micros);
    expect(parsePosition(positionText(position))).toEqual(position);
  });
});
