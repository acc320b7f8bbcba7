import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tableName, type HandledEventTableName } from '../handled-event-table.js';

/**
 * The migration that makes the table of handled events, for the `migrations` of a TypeORM data source.
 * @param name where; default `public.handled_event`
 */
export function createHandledEventsMigration(name: HandledEventTableName = {}): new () => MigrationInterface {
  const table = tableName(name);
  // TypeORM takes the order of migrations from the number at the end of the class's name.
  return class CreateHandledEvents1700000600000 implements MigrationInterface {
    readonly name = 'CreateHandledEvents1700000600000';

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(
        `CREATE TABLE ${table} (
          consumer text NOT NULL,
          source text NOT NULL,
          id text NOT NULL,
          handled_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (consumer, source, id)
        )`,
      );
      await runner.query(`CREATE INDEX ON ${table} (consumer, handled_at)`);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`DROP TABLE ${table}`);
    }
  };
}
