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

/** A copy as it is read. */
interface CopyRow {
  readonly key: string;
  readonly event: string;
  readonly type: string | null;
  readonly subject: string | null;
  readonly data: string | null;
  readonly attributes: string | null;
}

const COPY_COLUMNS = `t.type, e.subject, e.data::text AS data, e.attributes::text AS attributes`;

/** How often identities are claimed that were there, and are gone when they are looked at. */
const MAX_CLAIMS = 5;

/**
 * The ledger of identities. Its primary key removes duplicates over partitions and times, which a unique index of the
 * partitioned table cannot.
 */
export class IdentityRepository {
  /**
   * Claims the identities of the rows for this transaction; of the same identity in two transactions at once, the
   * second waits for the first. Keys must be distinct, and go in sorted, so that two batches cannot wait for each other.
   * @returns the copies that were in the store before; nothing in the ordinary case
   */
  async claim(client: PoolClient, rows: readonly EventRow[]): Promise<readonly StoredCopy[]> {
    const sorted = sortedByKey(rows);
    let claimed = await this.insert(client, sorted);
    if (claimed === rows.length) return [];
    const keys = sorted.map((row) => row.key);
    let copies = await this.copiesOf(client, keys);
    // The housekeeping may forget an identity between the two statements: then it is claimed after all.
    for (let attempt = 1; claimed + copies.length < rows.length && attempt < MAX_CLAIMS; attempt += 1) {
      claimed += await this.insert(client, sorted);
      copies = await this.copiesOf(client, keys);
    }
    return copies;
  }

  private async insert(client: PoolClient, sorted: readonly EventRow[]): Promise<number> {
    const { rowCount } = await client.query({
      name: 'identity-claim',
      text: `INSERT INTO events.identity (key, event) SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT DO NOTHING`,
      values: [arrayLiteral(sorted.map(({ key }) => key)), arrayLiteral(sorted.map(({ id }) => id))],
    });
    return rowCount ?? 0;
  }

  private async copiesOf(client: PoolClient, keys: readonly string[]): Promise<readonly StoredCopy[]> {
    // Rows of this very transaction are told by their xmin: they are the ones just claimed.
    const { rows } = await client.query<CopyRow>(
      `SELECT i.key::text, i.event::text, ${COPY_COLUMNS}
      FROM events.identity i
      LEFT JOIN events.event e ON e.id = i.event
      LEFT JOIN events.event_type t ON t.id = e.type_id
      WHERE i.key = ANY($1::uuid[]) AND i.xmin <> pg_current_xact_id()::xid`,
      [arrayLiteral(keys)],
    );
    return rows.map(copyOf);
  }

  /** The stored events of these rows' ids, whose identities the ledger has forgotten: it knew none of the rows. */
  async forgotten(client: PoolClient, rows: readonly EventRow[]): Promise<readonly StoredCopy[]> {
    if (rows.length === 0) return [];
    const { rows: found } = await client.query<CopyRow>(
      `SELECT n.key::text, e.id::text AS event, ${COPY_COLUMNS}
      FROM unnest($1::uuid[], $2::uuid[]) AS n (key, id)
      JOIN events.event e ON e.id = n.id
      JOIN events.event_type t ON t.id = e.type_id`,
      [arrayLiteral(rows.map(({ key }) => key)), arrayLiteral(rows.map(({ id }) => id))],
    );
    return found.map(copyOf);
  }

  /** Counts the window of identities that came again anew from today. */
  async refresh(client: PoolClient, copies: readonly StoredCopy[]): Promise<void> {
    await client.query(
      `UPDATE events.identity SET seen = current_date WHERE key = ANY($1::uuid[]) AND seen < current_date`,
      [arrayLiteral(copies.map(({ key }) => key).sort())],
    );
  }
}

/** Numbers are compared many times as fast as texts; 48 bits of a hash hardly ever leave it to the text. */
function sortedByKey(rows: readonly EventRow[]): readonly EventRow[] {
  return rows
    .map((row) => ({ row, begin: Number.parseInt(row.key.slice(0, 12), 16) }))
    .sort((a, b) => a.begin - b.begin || (a.row.key < b.row.key ? -1 : 1))
    .map(({ row }) => row);
}

function copyOf({ key, event, type, subject, data, attributes }: CopyRow): StoredCopy {
  return {
    key: key.replaceAll('-', ''),
    id: event.replaceAll('-', ''),
    ...(type !== null && data !== null && { body: { type, subject, data, isArrivalTime: hasArrivalTime(attributes) } }),
  };
}

function hasArrivalTime(attributes: string | null): boolean {
  return attributes !== null && Object.hasOwn(JSON.parse(attributes) as object, ARRIVAL_TIME_EXTENSION);
}

/** Hex digits need no quoting; writing the literal at once spares the driver's element-by-element escaping. */
function arrayLiteral(hex: readonly string[]): string {
  return `{${hex.join(',')}}`;
}
