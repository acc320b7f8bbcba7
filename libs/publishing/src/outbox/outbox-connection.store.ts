import { Client, type ClientConfig, type Notification, type QueryResult, type QueryResultRow } from 'pg';
import type { WaitingRow } from './outbox-row.js';
import { OUTBOX_CHANNEL, type OutboxTable } from './outbox-table.js';

/** How to reach the team's database: what `pg` takes. */
export type OutboxDatabase = ClientConfig;

/** How much waits. */
export interface OutboxBacklog {
  readonly waiting: number;
  /** What the broker will never take, and somebody has to look at. */
  readonly refused: number;
  /** Of the oldest row that waits, seconds; 0 when none does. */
  readonly oldestSeconds: number;
}

/** What is read at once. */
export interface FetchBounds {
  readonly buckets: readonly number[];
  /** kafkaTopics, without the prefix, that are left alone for now: what is behind their rows is found. */
  readonly resting: readonly string[];
  /** Those of which rows are on their way: what is behind them can wait, so that they are not read over and over. */
  readonly busy: readonly string[];
  readonly rowsPerBucket: number;
  readonly bytes: number;
}

/** Beside the buckets' own numbers: held, shared, by every relay that is there. */
const PRESENCE = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A statement that takes longer is not coming back. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** Counted no further. */
const MOST_COUNTED = 1_000_000;

/**
 * The one connection of a relay. The locks of its buckets belong to it: where it ends, however it ends, PostgreSQL hands
 * the buckets to others, and nothing can be deleted over it any more.
 */
export class OutboxConnection {
  private ended = false;
  /** The last statement: a connection does one at a time. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly client: Client,
    private readonly table: OutboxTable,
    private readonly lockSpace: number,
  ) {}

  /**
   * @param onWake called when a transaction with new rows has committed, and when the connection has ended
   * @throws what `pg` throws, also where the table does not exist
   */
  static async open(database: OutboxDatabase, table: OutboxTable, onWake: () => void): Promise<OutboxConnection> {
    const client = new Client({
      application_name: 'tidings-outbox-relay',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      ...database,
    });
    let connection: OutboxConnection | undefined;
    const end = (): void => {
      if (connection !== undefined) connection.ended = true;
      onWake();
    };
    client.on('error', end);
    client.on('end', end);
    client.on('notification', ({ payload }: Notification) => {
      if (payload === table.told) onWake();
    });
    try {
      await client.connect();
      // A host that vanished must not keep its locks for the hours that are the default.
      await client.query('SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3');
      const { rows } = await client.query<{ space: number }>('SELECT $1::regclass::oid::bigint::int AS space', [
        table.qualified,
      ]);
      connection = new OutboxConnection(client, table, rows[0]?.space ?? 0);
      await client.query('SELECT pg_advisory_lock_shared($1, $2)', [connection.lockSpace, PRESENCE]);
      await client.query(`LISTEN ${OUTBOX_CHANNEL}`);
      return connection;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  get isOpen(): boolean {
    return !this.ended;
  }

  /** How many relays of this table are connected, this one among them. */
  async relays(): Promise<number> {
    const { rows } = await this.query<{ relays: number }>(
      `SELECT count(*)::int AS relays FROM pg_locks
       WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = $1::int::oid AND objid = ${PRESENCE}
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [this.lockSpace],
    );
    return Math.max(1, rows[0]?.relays ?? 1);
  }

  /** @returns whether the bucket is ours now */
  async take(bucket: number): Promise<boolean> {
    const { rows } = await this.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
      this.lockSpace,
      bucket,
    ]);
    return rows[0]?.taken === true;
  }

  async release(bucket: number): Promise<void> {
    await this.query('SELECT pg_advisory_unlock($1, $2)', [this.lockSpace, bucket]);
  }

  /** The oldest rows of the buckets, in the order in which they were written. One at least, however large. */
  async waiting({ buckets, resting, busy, rowsPerBucket, bytes }: FetchBounds): Promise<readonly WaitingRow[]> {
    const { rows } = await this.query<WaitingRow>(
      `SELECT sequence::text, id, aggregatetype, aggregateid, type, payload, source, "time", dataschema, extensions
       FROM (
         SELECT found.*, sum(size) OVER (ORDER BY sequence) - size AS before
         FROM unnest($1::smallint[]) AS mine (bucket) CROSS JOIN LATERAL (
           SELECT sequence, coalesce(event_id, id::text) AS id, aggregatetype, aggregateid, type, payload::text AS payload,
             source, "time", dataschema, extensions, pg_column_size(payload) AS size
           FROM ${this.table.qualified} AS row
           WHERE row.bucket = mine.bucket AND row.refused_at IS NULL AND row.aggregatetype <> ALL ($2::text[])
           ORDER BY row.sequence LIMIT $3
         ) AS found
         WHERE found.aggregatetype <> ALL ($5::text[])
       ) AS bounded
       WHERE before < $4 ORDER BY bounded.sequence`,
      [buckets, resting, rowsPerBucket, bytes, busy],
    );
    return rows;
  }

  /** Takes away what is safe in Kafka. */
  async remove(sequences: readonly string[]): Promise<void> {
    await this.query(`DELETE FROM ${this.table.qualified} WHERE sequence = ANY ($1::bigint[])`, [sequences]);
  }

  /** Puts a row aside that the broker will never take. */
  async refuse(sequence: string, refusal: string): Promise<void> {
    await this.query(
      `UPDATE ${this.table.qualified} SET refused_at = clock_timestamp(), refusal = $2 WHERE sequence = $1`,
      [sequence, refusal],
    );
  }

  /** Counts to a million. */
  async backlog(): Promise<OutboxBacklog> {
    const counted = (condition: string): string =>
      `(SELECT count(*)::int FROM (SELECT FROM ${this.table.qualified} WHERE ${condition} LIMIT ${MOST_COUNTED}) AS rows)`;
    const { rows } = await this.query<{ waiting: number; refused: number; oldest: number | null }>(
      `SELECT ${counted('refused_at IS NULL')} AS waiting, ${counted('refused_at IS NOT NULL')} AS refused,
         (SELECT extract(epoch FROM clock_timestamp() - created_at)::float8 FROM ${this.table.qualified}
          WHERE refused_at IS NULL ORDER BY sequence LIMIT 1) AS oldest`,
    );
    const [row] = rows;
    return {
      waiting: row?.waiting ?? 0,
      refused: row?.refused ?? 0,
      oldestSeconds: Math.max(0, row?.oldest ?? 0),
    };
  }

  async close(): Promise<void> {
    this.ended = true;
    await this.client.end().catch(() => undefined);
  }

  private async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<QueryResult<Row>> {
    const result = this.last.then(() => this.client.query<Row>(text, values));
    this.last = result.catch(() => undefined);
    return result;
  }
}
