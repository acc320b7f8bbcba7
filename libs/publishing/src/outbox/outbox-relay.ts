import { setTimeout as delay } from 'node:timers/promises';
import { silentLog, TransportError, type RecordPublisher, type TransportLog } from '@tidings/transport';
import { BackOff } from './back-off.js';
import { BucketShare } from './bucket-share.js';
import { OutboxConnection, type OutboxBacklog, type OutboxDatabase } from './outbox-connection.store.js';
import { recordOf, type WaitingRow } from './outbox-row.js';
import { OutboxTable, type OutboxTableName } from './outbox-table.js';
import { TopicSending } from './topic-sending.js';
import { WakeSignal } from './wake-signal.js';

export interface OutboxRelayOptions extends OutboxTableName {
  /** The team's database. The relay keeps one connection to it, which must not go through a pooler of transactions. */
  readonly database: OutboxDatabase;
  /** Of the transport; the relay does not close it. */
  readonly publisher: RecordPublisher;
  /** Before the names of kafkaTopics. */
  readonly prefix?: string;
  /** How often it looks for rows and other relays although nobody told it to, milliseconds; default 500. */
  readonly pollMs?: number;
  /** How many rows it reads at most from each of its buckets at once; default 128. */
  readonly rowsPerBucket?: number;
  /** How long it waits for the broker before it asks anew, milliseconds; default 5,000; `stop` may take as long. */
  readonly deadlineMs?: number;
  readonly log?: TransportLog;
}

/** How a relay is. */
export interface OutboxStatus extends OutboxBacklog {
  /** Whether it reaches the database; where not, the figures are of the last time it did. */
  readonly isConnected: boolean;
  /** How many of the buckets it relays. */
  readonly buckets: number;
  /** Rows that it has sent since it started. */
  readonly sent: number;
}

const NO_BACKLOG: OutboxBacklog = { waiting: 0, refused: 0, oldestSeconds: 0 };
const POLL_MS = 500;
const DEADLINE_MS = 5_000;
const ROWS_PER_BUCKET = 128;
/** Read at once; the largest payload comes on top. */
const BATCH_BYTES = 8 * 1024 * 1024;
/** While rows are on their way, others are looked for this often, milliseconds. */
const BUSY_MS = 50;
/** Under which name the database's failures are counted. */
const DATABASE = 'database';
/** What the broker will not take however often it is asked. */
const FINAL_CODES: ReadonlySet<string> = new Set(['TOO_LARGE', 'INVALID_RECORD']);

/**
 * Sends what waits in an outbox, and takes it away when every replica in sync has it. Any number of processes may run
 * one: they share the buckets of keys, each of which is one process's at a time.
 *
 * A process that dies between the two sends some rows again, with the same ids; whoever drops the second copy of an id
 * sees the events of each key in their order.
 */
export class OutboxRelay {
  private readonly table: OutboxTable;
  private readonly signal = new WakeSignal();
  private readonly backOff = new BackOff();
  private readonly log: TransportLog;
  private readonly pollMs: number;
  private connection: OutboxConnection | undefined;
  private share: BucketShare | undefined;
  private backlog: OutboxBacklog = NO_BACKLOG;
  private sent = 0;
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  /** @throws {OutboxError} `INVALID_TABLE` */
  constructor(private readonly options: OutboxRelayOptions) {
    this.table = new OutboxTable(options);
    this.log = options.log ?? silentLog;
    this.pollMs = options.pollMs ?? POLL_MS;
  }

  /** Returns at once; it waits for the database and the broker as long as it takes. */
  start(): void {
    this.running ??= this.run();
  }

  /** Finishes what is on its way, and lets others have its buckets. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.signal.wake();
    await this.running;
  }

  async status(): Promise<OutboxStatus> {
    const { connection } = this;
    const isConnected = connection?.isOpen === true;
    if (connection?.isOpen === true) this.backlog = await connection.backlog().catch(() => this.backlog);
    return { ...this.backlog, isConnected, buckets: this.share?.buckets.length ?? 0, sent: this.sent };
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.relay();
      } catch (error) {
        const pause = this.backOff.failed(DATABASE, Date.now());
        this.log('warn', `The outbox ${this.table.told} cannot be read; trying again: ${messageOf(error)}`);
        await delay(pause, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  /** Until the connection ends. */
  private async relay(): Promise<void> {
    const connection = await OutboxConnection.open(this.options.database, this.table, () => this.signal.wake());
    const share = new BucketShare(connection);
    const sending = new TopicSending();
    this.connection = connection;
    this.share = share;
    try {
      let balanceAt = 0;
      while (!this.stopping.signal.aborted && connection.isOpen) {
        sending.demandSound();
        if (Date.now() >= balanceAt) {
          // Whoever takes a bucket over begins where we ended.
          await share.balance(() => sending.ended());
          balanceAt = Date.now() + this.pollMs;
        }
        const rows = await this.waiting(connection, share.buckets, sending.topics);
        for (const [kafkaTopic, own] of byTopic(rows)) {
          sending.begin(kafkaTopic, this.sendTopic(connection, kafkaTopic, own));
        }
        if (sending.topics.length > 0) await sending.nextEnd(BUSY_MS);
        else await this.signal.sleep(this.idleMs(balanceAt));
        this.backOff.succeeded(DATABASE);
      }
      await sending.ended();
      sending.demandSound();
    } finally {
      this.connection = undefined;
      this.share = undefined;
      await sending.ended();
      await connection.close();
    }
  }

  /** @param busy kafkaTopics of which rows are on their way */
  private async waiting(
    connection: OutboxConnection,
    buckets: readonly number[],
    busy: readonly string[],
  ): Promise<readonly WaitingRow[]> {
    if (buckets.length === 0) return [];
    return connection.waiting({
      buckets,
      resting: this.backOff.resting(Date.now()),
      busy,
      rowsPerBucket: this.options.rowsPerBucket ?? ROWS_PER_BUCKET,
      bytes: BATCH_BYTES,
    });
  }

  private idleMs(balanceAt: number): number {
    const now = Date.now();
    return Math.min(balanceAt, this.backOff.nextAt(now)) - now;
  }

  /** Sends rows of one kafkaTopic, and takes away those that are safe. */
  private async sendTopic(
    connection: OutboxConnection,
    kafkaTopic: string,
    rows: readonly WaitingRow[],
  ): Promise<void> {
    const safe = await this.publish(connection, kafkaTopic, rows);
    if (safe.length === 0) return;
    await connection.remove(safe);
    this.sent += safe.length;
  }

  /** @returns the rows that are safe in Kafka */
  private async publish(
    connection: OutboxConnection,
    kafkaTopic: string,
    rows: readonly WaitingRow[],
  ): Promise<readonly string[]> {
    const { publisher, prefix = '', deadlineMs = DEADLINE_MS } = this.options;
    try {
      const records = rows.map((row) => recordOf(row, prefix));
      await publisher.publish(records, { deadlineMs });
      this.backOff.succeeded(kafkaTopic);
      return rows.map(({ sequence }) => sequence);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      if (FINAL_CODES.has(error.code) && error.records.length > 0) return this.putAside(connection, rows, error);
      const pause = this.backOff.failed(kafkaTopic, Date.now());
      this.log(error.retriable ? 'warn' : 'error', `Events for ${kafkaTopic} wait: ${error.message}`, { pause });
      return [];
    }
  }

  private async putAside(
    connection: OutboxConnection,
    rows: readonly WaitingRow[],
    { code, message, records }: TransportError,
  ): Promise<readonly string[]> {
    for (const { sequence, id } of rows.filter((_row, index) => records.includes(index))) {
      this.log('error', `Kafka will never take the event ${id}; it is put aside in the outbox: ${message}`);
      await connection.refuse(sequence, message);
    }
    // Of the others only this code says that they have been sent.
    const others = code === 'TOO_LARGE' ? rows.filter((_row, index) => !records.includes(index)) : [];
    return others.map(({ sequence }) => sequence);
  }
}

function byTopic(rows: readonly WaitingRow[]): ReadonlyMap<string, readonly WaitingRow[]> {
  const topics = new Map<string, WaitingRow[]>();
  for (const row of rows) {
    const own = topics.get(row.aggregatetype);
    if (own === undefined) topics.set(row.aggregatetype, [row]);
    else own.push(row);
  }
  return topics;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
