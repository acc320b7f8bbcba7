import type { Catalogue, Payloads } from '@tidings/catalogue';
import { TransportError, type RecordPublisher } from '@tidings/transport';
import type { EventAbout, EventOrigin } from '../event-about.js';
import { Publisher, type EventToPublish } from '../publisher.js';
import { PublishError } from '../publish-error.js';
import { OutboxError } from './outbox-error.js';
import { INSERTED_COLUMNS, rowOf, type InsertedRow } from './outbox-row.js';
import { OutboxTable, type OutboxTableName } from './outbox-table.js';

/** As much of TypeORM's `EntityManager` as is used here. */
export interface TransactionManager {
  readonly queryRunner?: { readonly isTransactionActive: boolean } | undefined;
  query(statement: string, parameters?: unknown[]): Promise<unknown>;
}

export interface OutboxOptions extends OutboxTableName {
  /** Which event types there are; default those of Tidings. Give its payload types as the type argument. */
  readonly catalogue?: Catalogue;
  /** Whose events these are, where a call does not say. */
  readonly origin?: EventOrigin;
  /** The largest payload, bytes of JSON; default 1 MiB. */
  readonly maxEventBytes?: number;
}

/** What can be done within a transaction. */
export interface OutboxWriter<Types extends object = Payloads> {
  /**
   * Writes an event that is sent when, and only when, the transaction commits.
   * @returns its id
   * @throws {PublishError} when the event is mistaken; nothing is written then, and the transaction can go on
   */
  publish<Type extends keyof Types & string>(type: Type, payload: Types[Type], about?: EventAbout): Promise<string>;
  /** Writes all of them, in order, or none where one is mistaken. @returns their ids @throws {PublishError} */
  publishBatch(events: readonly EventToPublish<Types>[]): Promise<readonly string[]>;
}

/** Parameters of one statement; PostgreSQL takes 65,535 of them. */
const ROWS_PER_STATEMENT = 500;

/**
 * Publishes by way of the team's own database: the event is a row of the same transaction as what it tells of, so that
 * neither is ever without the other. An `OutboxRelay` sends it afterwards.
 *
 * Events of one entity are sent in the order in which their transactions wrote them: each insert locks its key until the
 * transaction ends. A transaction that locks its entities' rows itself, and publishes for more keys than PostgreSQL has
 * room for locks, may switch that off with `SET LOCAL tidings.outbox_key_lock = off`.
 */
export class OutboxPublisher<Types extends object = Payloads> {
  private readonly encoder: Publisher<Types>;
  private readonly table: OutboxTable;

  /** @throws {OutboxError} `INVALID_TABLE` */
  constructor(options: OutboxOptions = {}) {
    this.table = new OutboxTable(options);
    this.encoder = new Publisher<Types>({
      publisher: UNUSED,
      ...(options.catalogue !== undefined && { catalogue: options.catalogue }),
      ...(options.origin !== undefined && { origin: options.origin }),
      ...(options.maxEventBytes !== undefined && { maxEventBytes: options.maxEventBytes }),
    });
  }

  /**
   * @param manager of a running transaction: what `dataSource.transaction(async (manager) => …)` gives
   * @throws {OutboxError} `NO_TRANSACTION`; what it gives throws it too once the transaction has ended
   */
  within(manager: TransactionManager): OutboxWriter<Types> {
    demandTransaction(manager);
    return {
      publish: async (type, payload, about = {}) => {
        const { id, record } = this.encoder.encode(type, payload, about);
        await this.insert(manager, [rowOf(id, record)]);
        return id;
      },
      publishBatch: async (events) => {
        const encoded = events.map((event, index) => this.encodeAt(event, index));
        const rows = encoded.map(({ id, record }) => rowOf(id, record));
        for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) {
          await this.insert(manager, rows.slice(at, at + ROWS_PER_STATEMENT));
        }
        return encoded.map(({ id }) => id);
      },
    };
  }

  private encodeAt(event: EventToPublish<Types>, index: number) {
    try {
      return this.encoder.encode(event.type, event.payload, event);
    } catch (error) {
      throw error instanceof PublishError ? error.at(index) : error;
    }
  }

  private async insert(manager: TransactionManager, rows: readonly InsertedRow[]): Promise<void> {
    demandTransaction(manager);
    await manager.query(this.statement(rows.length), rows.flat());
  }

  private statement(rows: number): string {
    const columns = INSERTED_COLUMNS.map((name) => `"${name}"`).join(', ');
    const width = INSERTED_COLUMNS.length;
    const tuples = Array.from({ length: rows }, (_row, row) => {
      const places = INSERTED_COLUMNS.map((name, column) => {
        const place = `$${row * width + column + 1}`;
        // Explicit nulls would take the place of the default.
        return name === 'id' ? `coalesce(${place}::uuid, gen_random_uuid())` : place;
      });
      return `(${places.join(', ')})`;
    });
    return `INSERT INTO ${this.table.qualified} (${columns}) VALUES ${tuples.join(', ')}`;
  }
}

function demandTransaction(manager: TransactionManager): void {
  if (manager.queryRunner?.isTransactionActive === true) return;
  throw new OutboxError(
    'NO_TRANSACTION',
    'the entity manager has none that is running; use the one that dataSource.transaction(async (manager) => …) gives, and await what you publish before it ends',
  );
}

/** The encoder sends nothing itself. */
const UNUSED: RecordPublisher = {
  publish: () => Promise.reject(new TransportError('CLOSED', { detail: 'an outbox sends through its relay' })),
  close: () => Promise.resolve(),
};
