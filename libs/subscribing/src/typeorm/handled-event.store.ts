import type { DataSource, EntityManager } from 'typeorm';
import { tableName, type HandledEventTableName } from './handled-event-table.js';

/** By what an event is known: two messages with the same are one event that came twice. */
export interface EventIdentity {
  readonly source: string;
  readonly id: string;
}

/**
 * Remembers in the service's own PostgreSQL which events it has handled. What a handler writes and the note that it did
 * so are one transaction: however often an event comes, and whenever the process dies, its effect in that database is
 * there once.
 */
export class HandledEvents {
  private readonly table: string;

  /**
   * @param dataSource of the database that the work writes to; with any other the promise above is void
   * @param consumer who handles; two handlers of one event are two consumers
   * @throws {SubscribingError} INVALID_OPTION for a table's name that is none
   */
  constructor(
    private readonly dataSource: DataSource,
    private readonly consumer: string,
    name: HandledEventTableName = {},
  ) {
    this.table = tableName(name);
  }

  /**
   * Does the work in a transaction, unless it was done for this event before. Where another process does it at the same
   * time, this waits for how that ends.
   * @param work everything that it writes goes through the manager; what it throws undoes all of it
   * @returns whether the work was done now
   */
  async once(event: EventIdentity, work: (manager: EntityManager) => Promise<unknown>): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const claimed: readonly unknown[] = await manager.query(
        `INSERT INTO ${this.table} (consumer, source, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1`,
        [this.consumer, event.source, event.id],
      );
      if (claimed.length === 0) return false;
      await work(manager);
      return true;
    });
  }

  /**
   * Forgets what was handled before a time: events that are gone from Kafka do not come again. To be called now and then.
   * @returns how many
   */
  async forget(before: Date): Promise<number> {
    const [, count]: [unknown, number] = await this.dataSource.query(
      `DELETE FROM ${this.table} WHERE consumer = $1 AND handled_at < $2`,
      [this.consumer, before],
    );
    return count;
  }
}
