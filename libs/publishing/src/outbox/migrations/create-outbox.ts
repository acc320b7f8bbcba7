import type { MigrationInterface, QueryRunner } from 'typeorm';
import { outboxRemoval, outboxSchema } from '../outbox-schema.js';
import type { OutboxTableName } from '../outbox-table.js';

/**
 * The migration that makes an outbox, for the `migrations` of a TypeORM data source; its name is
 * `CreateOutbox1700000500000`.
 * @param name where; default `public.outbox`
 */
export function createOutboxMigration(name: OutboxTableName = {}): new () => MigrationInterface {
  // TypeORM takes the order of migrations from the number at the end of the class's name.
  return class CreateOutbox1700000500000 implements MigrationInterface {
    readonly name = 'CreateOutbox1700000500000';

    async up(runner: QueryRunner): Promise<void> {
      for (const statement of outboxSchema(name)) await runner.query(statement);
    }

    async down(runner: QueryRunner): Promise<void> {
      for (const statement of outboxRemoval(name)) await runner.query(statement);
    }
  };
}
