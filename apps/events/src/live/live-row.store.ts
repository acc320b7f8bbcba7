import { Injectable } from '@nestjs/common';
import { boundedStatement, listen } from '@tidings/database';
import { Pool } from 'pg';
import { EVENTS_CHANNEL } from '../ingest/events-channel.js';
import type { LiveRow } from './live-row.js';
import { LAST_SEQUENCE, type StorePosition } from './store-position.js';

/** Rows of transactions that are still running must not be overtaken: what is read ends below the oldest of them. */
const SETTLED = 'pg_snapshot_xmin(pg_current_snapshot())';

const COLUMNS = `
  event.transaction::text AS transaction, event.sequence::text AS sequence, event.id, event.type_id, event.source_id,
  event.tenant, event.project, event.actor, event.related_user, event.outcome, event.conforming, event.event_id,
  event.subject, event.message, event.search_text, event.data::text AS data, event.auth_method, event.personal_token,
  event.attributes::text AS attributes, (extract(epoch FROM event.stored_at) * 1000000)::bigint::text AS stored_at`;

/** What of a row can be large besides its payload and attributes, bytes. */
const OTHER_BYTES = `octet_length(event.message) + octet_length(event.event_id) + coalesce(octet_length(event.search_text), 0)`;

/** By the transaction alone as well: it is what the index has. */
const ROWS_AFTER = `
  SELECT * FROM (
    SELECT ${COLUMNS}, count(*) OVER ()::integer AS found, row_number() OVER in_order AS place,
      events.bytes_up_to(event.data, event.attributes, ${OTHER_BYTES}, $4) OVER in_order AS bytes
    FROM (
      SELECT * FROM events.event
      WHERE transaction >= $1::xid8 AND (transaction, sequence) > ($1::xid8, $2::bigint) AND transaction < ${SETTLED}
      ORDER BY transaction, sequence LIMIT $3
    ) AS event
    WINDOW in_order AS (ORDER BY event.transaction, event.sequence ROWS UNBOUNDED PRECEDING)
  ) AS measured
  WHERE bytes <= $4 OR place = 1 ORDER BY place`;

const TIME_OF_TRANSACTION = `SELECT (extract(epoch FROM stored_at) * 1000000)::bigint::text AS stored_at
  FROM events.event WHERE transaction >= $1::xid8 ORDER BY transaction LIMIT 1`;

/** Streams stand still until a connection that was swallowed is given up, milliseconds. */
const DEADLINE_MS = 10_000;

/** How much is read at once. A single row may be larger. */
export interface ReadingLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** Rows in the order in which they became visible. */
export interface RowChunk {
  readonly rows: readonly LiveRow[];
  /** There are no more for now. */
  readonly isEnd: boolean;
}

interface RowColumns {
  /** How many rows there were within the limit of their number. */
  readonly found: number;
  readonly transaction: string;
  readonly sequence: string;
  readonly stored_at: string;
  readonly id: string;
  readonly type_id: number;
  readonly source_id: number;
  readonly tenant: string | null;
  readonly project: string | null;
  readonly actor: string | null;
  readonly related_user: string | null;
  readonly outcome: number | null;
  readonly conforming: boolean;
  readonly event_id: string;
  readonly subject: string | null;
  readonly message: string;
  readonly search_text: string | null;
  readonly data: string;
  readonly auth_method: string | null;
  readonly personal_token: string | null;
  readonly attributes: string | null;
}

/** What a transaction may start before it writes its first row, microseconds: rows of one time lie no further apart. */
const START_SPREAD = 60_000_000n;

/** Reads the store in the order in which its rows became visible. */
@Injectable()
export class LiveRowStore {
  constructor(private readonly pool: Pool) {}

  /** The next rows behind a position. */
  async after({ transaction, sequence }: StorePosition, limits: ReadingLimits): Promise<RowChunk> {
    const values = [transaction.toString(), sequence.toString(), limits.rows, limits.bytes];
    const { rows } = await this.pool.query<RowColumns>({
      ...boundedStatement(ROWS_AFTER, values, DEADLINE_MS),
      name: 'live-rows',
    });
    const found = rows[0]?.found ?? 0;
    return { rows: rows.map(liveRow), isEnd: rows.length === found && found < limits.rows };
  }

  /** Behind everything that can be read now; what comes later stands behind it. */
  async present(): Promise<StorePosition> {
    return this.behindTransactionBefore(`SELECT ${SETTLED}::text AS transaction`);
  }

  /** Behind every transaction that has begun so far. */
  async horizon(): Promise<StorePosition> {
    return this.behindTransactionBefore('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS transaction');
  }

  /** A position, as late as can be told cheaply, behind which all rows are that were stored at that time or later. */
  async before(micros: bigint): Promise<StorePosition> {
    let low = 0n;
    let high = (await this.present()).transaction;
    // Times of storing follow the transactions but for the spread, so that a search by halves needs no index of them.
    while (low < high) {
      const middle = (low + high) / 2n;
      const { rows } = await this.pool.query<{ stored_at: string }>({
        ...boundedStatement(TIME_OF_TRANSACTION, [middle.toString()], DEADLINE_MS),
        name: 'live-time-of-transaction',
      });
      const storedAt = rows[0]?.stored_at;
      if (storedAt === undefined || BigInt(storedAt) >= micros - START_SPREAD) high = middle;
      else low = middle + 1n;
    }
    // Numbers of the sequence begin with 1; a position is told to clients, and has no sign.
    return { transaction: low, sequence: 0n };
  }

  /**
   * Opens a connection that hears of every commit that stored events.
   * @param onEnd called once when the connection is lost
   */
  async listen(onCommit: () => void, onEnd: () => void): Promise<() => Promise<void>> {
    return listen(this.pool, EVENTS_CHANNEL, onCommit, onEnd);
  }

  private async behindTransactionBefore(text: string): Promise<StorePosition> {
    const { rows } = await this.pool.query<{ transaction: string }>(boundedStatement(text, [], DEADLINE_MS));
    return { transaction: BigInt(rows[0]?.transaction ?? 0) - 1n, sequence: LAST_SEQUENCE };
  }
}

function liveRow(row: RowColumns): LiveRow {
  return {
    position: { transaction: BigInt(row.transaction), sequence: BigInt(row.sequence) },
    storedAt: BigInt(row.stored_at),
    id: digits(row.id),
    typeId: row.type_id,
    sourceId: row.source_id,
    tenant: digitsOrNull(row.tenant),
    project: digitsOrNull(row.project),
    actor: digitsOrNull(row.actor),
    relatedUser: digitsOrNull(row.related_user),
    outcome: row.outcome,
    conforming: row.conforming,
    eventId: row.event_id,
    subject: row.subject,
    message: row.message,
    searchText: row.search_text,
    data: row.data,
    authMethod: row.auth_method,
    personalToken: row.personal_token,
    attributes: row.attributes,
  };
}

function digits(uuid: string): string {
  return uuid.replaceAll('-', '');
}

function digitsOrNull(uuid: string | null): string | null {
  return uuid === null ? null : digits(uuid);
}
