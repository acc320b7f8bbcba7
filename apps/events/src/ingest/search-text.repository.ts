import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';

/**
 * For what was stored before the ingest wrote it, or is by an older process beside it, approximately: the values of the
 * whole payload, escapes as they stand in the JSON text. By a pattern and not by json_each, which refuses \u0000 and lone
 * surrogates.
 */
const FILL = `UPDATE events.event SET search_text =
    lower(translate(left(message, 16000), U&'\\001F', ' ')) || U&'\\001F' ||
    lower(left(btrim(regexp_replace(
      regexp_replace(left(data::text, 16000), '"([^"\\\\]|\\\\.)*"\\s*:', ' ', 'g'), '[][{}",\\s]+', ' ', 'g')), 2000))
  WHERE id IN (SELECT id FROM events.event WHERE search_text IS NULL LIMIT $1) AND search_text IS NULL`;

/** Fills in search texts that are missing. */
@Injectable()
export class SearchTextRepository {
  /** Whether they are found by an index: without it, to see that none is missing is to read everything. */
  async canFill(client: PoolClient): Promise<boolean> {
    const { rows } = await client.query<{ valid: boolean }>(
      `SELECT coalesce(bool_and(indisvalid), false) AS valid FROM pg_index
      WHERE indexrelid = to_regclass('events.event_without_search_text')`,
    );
    return rows[0]?.valid ?? false;
  }

  /** @returns how many were filled in, at most so many */
  async fill(client: PoolClient, most: number): Promise<number> {
    return (await client.query(FILL, [most])).rowCount ?? 0;
  }
}
