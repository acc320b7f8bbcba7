import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts that are kept ready. Rows of transactions below the watermark are in them, the others are counted by whoever
 * asks, so that any answer is exact; who keeps them up is in rollups/.
 */
export class CreateRollups1700000003000 implements MigrationInterface {
  readonly name = 'CreateRollups1700000003000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE events.rollup_tenant, events.rollup, events.rollup_state');
  }
}

const STATEMENTS = [
  `CREATE TABLE events.rollup (
    unit smallint NOT NULL,
    time timestamptz NOT NULL,
    type_id integer NOT NULL,
    source_id integer NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (unit, time, type_id, source_id)
  ) WITH (fillfactor = 80)`,
  `COMMENT ON COLUMN events.rollup.unit IS '0: hours, 1: days, 2: months; each holds every event'`,
  `COMMENT ON COLUMN events.rollup.time IS 'the unit''s first instant, UTC'`,

  // By tenant there are no hours: most tenants have few events an hour, and it would be a row for each.
  `CREATE TABLE events.rollup_tenant (
    tenant uuid NOT NULL,
    unit smallint NOT NULL,
    time timestamptz NOT NULL,
    type_id integer NOT NULL,
    source_id integer NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (tenant, unit, time, type_id, source_id)
  ) WITH (fillfactor = 80)`,

  `CREATE TABLE events.rollup_state (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    transaction xid8 NOT NULL
  )`,
  `COMMENT ON COLUMN events.rollup_state.transaction IS 'the watermark: rows of every transaction below it are counted'`,
  `INSERT INTO events.rollup_state (transaction) VALUES ('0')`,
];
