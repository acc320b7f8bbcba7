import { createHash } from 'node:crypto';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DomainError } from '@tidings/runtime';
import { Pool, type PoolClient } from 'pg';
import { clientConfig, CONNECT_TIMEOUT_MS, type ConnectionSettings, LIVENESS } from './connection-settings.js';
import { databaseErrorCode } from './database-errors.js';
import { inTransaction } from './in-transaction.js';

export interface ReaderSettings extends ConnectionSettings {
  /** The most connections to open. */
  readonly poolSize: number;
  /** What takes longer is given up, milliseconds. */
  readonly timeoutMs: number;
}

/** A statement that only reads, with its values apart. */
export interface ReadStatement {
  readonly text: string;
  readonly values: readonly unknown[];
  /**
   * One plan is right for all its values: each connection parses it once and, as PostgreSQL sees fit, plans it once. By
   * default it is planned for its values each time, as whatever is skewed has to be.
   */
  readonly isReusable?: boolean;
}

/** How much longer than the server a caller waits for it, milliseconds: a server that is gone gives nothing up. */
const GRACE_MS = 5_000;
/** Each connection keeps what it has prepared; further texts are planned each time. */
const MAX_PREPARED = 300;
const QUERY_CANCELED = '57014';
/** One snapshot for all statements of an answer. */
const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * Answers questions from connections of its own, which can only read and give up what takes too long: each connection is
 * told so once, when it opens, so that a question is one round trip.
 */
export class DatabaseReader implements OnApplicationShutdown {
  private readonly names = new Map<string, string>();

  /** @param pool closed together with this */
  constructor(private readonly pool: Pool) {}

  /** Connects when the first question comes. */
  static open(settings: ReaderSettings): DatabaseReader {
    const { poolSize, timeoutMs } = settings;
    const pool = new Pool({
      ...clientConfig(settings),
      max: poolSize,
      ...LIVENESS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      options: `-c default_transaction_read_only=on -c statement_timeout=${timeoutMs}`,
      query_timeout: timeoutMs + GRACE_MS,
    });
    const logger = new Logger('Database');
    pool.on('error', (error) => logger.warn(`An idle connection broke: ${error.message}`));
    return new DatabaseReader(pool);
  }

  /** @throws {DomainError} `query_timeout`; whatever else the database says */
  async read<Row extends object>({ text, values, isReusable = false }: ReadStatement): Promise<readonly Row[]> {
    const name = isReusable ? this.nameOf(text) : undefined;
    const query = { text, values: [...values], ...(name !== undefined && { name }) };
    return this.bounded(async () => (await this.pool.query<Row>(query)).rows);
  }

  /**
   * Reads several statements of one snapshot.
   * @throws {DomainError} `query_timeout`; whatever else the work or the database says
   */
  async inSnapshot<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.bounded(() => inTransaction(this.pool, work, { begin: BEGIN }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  private async bounded<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (databaseErrorCode(error) !== QUERY_CANCELED) throw error;
      throw new DomainError('query_timeout', {}, { cause: error });
    }
  }

  /** Undefined where there are too many already: texts may come out of requests. */
  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= MAX_PREPARED) return known;
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 32);
    this.names.set(text, name);
    return name;
  }
}
