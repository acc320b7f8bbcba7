import { OutboxError } from './outbox-error.js';

/** Where a team keeps its outbox. */
export interface OutboxTableName {
  /** The PostgreSQL schema; default `public`. */
  readonly schema?: string;
  /** Default `outbox`. */
  readonly table?: string;
}

/**
 * Into how many parts the keys are divided. Each part is relayed by one process at a time, so it is also how many
 * processes can share the work. It stands in the table's definition: all processes agree on it whatever their version.
 */
export const OUTBOX_BUCKETS = 16;

/** What listening relays are told on; the payload says of which table. */
export const OUTBOX_CHANNEL = 'tidings_outbox';

/** In a transaction with `off` here, inserts do not lock their key: see {@link OutboxPublisher}. */
export const KEY_LOCK_SETTING = 'tidings.outbox_key_lock';

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,49}$/;

/** The names that an outbox has in the database, checked, and quoted for SQL. */
export class OutboxTable {
  readonly schema: string;
  readonly table: string;
  /** For SQL. */
  readonly qualified: string;
  /** Of the sequence, for SQL. */
  readonly sequence: string;
  /** As notifications name it. */
  readonly told: string;

  /** @throws {OutboxError} `INVALID_TABLE` */
  constructor({ schema = 'public', table = 'outbox' }: OutboxTableName = {}) {
    for (const [field, name] of Object.entries({ schema, table })) {
      if (NAME.test(name)) continue;
      throw new OutboxError(
        'INVALID_TABLE',
        `${field} is ${JSON.stringify(name)}; use 1 to 50 letters, digits and _, not beginning with a digit`,
      );
    }
    this.schema = schema;
    this.table = table;
    this.qualified = this.named();
    this.sequence = this.named('_sequence');
    this.told = `${schema}.${table}`;
  }

  /** Something that belongs to the table, for SQL. */
  named(suffix = ''): string {
    return `"${this.schema}"."${this.table}${suffix}"`;
  }
}
