import { ARRIVAL_TIME_EXTENSION } from '@tidings/catalogue';
import type { PoolClient } from 'pg';
import type { EventRow } from './event-row.js';

/** An event in the store whose identity a new copy shares. */
export interface StoredCopy {
  readonly key: string;
  /** The stored event's uuid, 32 hex digits. */
  readonly id: string;
  /** Missing when retention has dropped the event but the ledger still knows it. */
  readonly body?: {
    readonly type: string;
    readonly subject: string | null;
    readonly data: string;
    readonly isArrivalTime: boolean;
  };
}

/**
 * The ledger of identities. Its primary key removes doubles over partitions and times, which a unique index of the
 * partitioned table cannot.
 */
export class IdentityRepository {
  /**
   * Claims the identities of the rows for this transaction; of the same identity in two transactions at once, the
   * second waits for the first. Keys must be distinct, and go in sorted, so that two batches cannot wait for each other.
   * @returns the copies that were in the store before; nothing in the ordinary case
   */
  async claim(client: PoolClient, rows: readonly EventRow[]): Promise<readonly StoredCopy[]> {
    const sorted = [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));
    const keys = sorted.map((row) => row.key);
    const inserted = await client.query({
      name: 'identity-claim',
      text: `INSERT INTO events.identity (key, event) SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT DO NOTHING`,
      values: [arrayLiteral(keys), arrayLiteral(sorted.map((row) => row.id))],
    });
    return inserted.rowCount === rows.length ? [] : await this.copiesOf(client, keys);
  }

  private async copiesOf(client: PoolClient, keys: readonly string[]): Promise<readonly StoredCopy[]> {
    // Rows of this very transaction are told by their xmin: they are the ones just claimed.
    const { rows } = await client.query<{
      key: string;
      event: string;
      type: string | null;
      subject: string | null;
      data: string | null;
      attributes: string | null;
    }>(
      `SELECT i.key::text, i.event::text, t.type, e.subject, e.data::text AS data, e.attributes::text AS attributes
      FROM events.identity i
      LEFT JOIN events.event e ON e.id = i.event
      LEFT JOIN events.event_type t ON t.id = e.type_id
      WHERE i.key = ANY($1::uuid[]) AND i.xmin <> pg_current_xact_id()::xid`,
      [arrayLiteral(keys)],
    );
    return rows.map(({ key, event, type, subject, data, attributes }) => ({
      key: key.replaceAll('-', ''),
      id: event.replaceAll('-', ''),
      ...(type !== null &&
        data !== null && { body: { type, subject, data, isArrivalTime: hasArrivalTime(attributes) } }),
    }));
  }

  /** Counts the window of identities that came again anew from today. */
  async refresh(client: PoolClient, keys: readonly string[]): Promise<void> {
    await client.query(
      `UPDATE events.identity SET seen = current_date WHERE key = ANY($1::uuid[]) AND seen < current_date`,
      [arrayLiteral([...keys].sort())],
    );
  }
}

function hasArrivalTime(attributes: string | null): boolean {
  return attributes !== null && Object.hasOwn(JSON.parse(attributes) as object, ARRIVAL_TIME_EXTENSION);
}

/** Hex digits need no quoting; writing the literal at once spares the driver's element-by-element escaping. */
function arrayLiteral(hex: readonly string[]): string {
  return `{${hex.join(',')}}`;
}
