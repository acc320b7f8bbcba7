import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is remembered of each connector, by its name: whether it is paused, where it goes on, and what whoever runs it
 * told last. Counts only grow, added to by every process that takes something for it.
 */
export class CreateConnectors1700002000000 implements MigrationInterface {
  readonly name = 'CreateConnectors1700002000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE gateway.connector (
      name text PRIMARY KEY,
      kind text NOT NULL,
      paused_at timestamptz,
      paused_by text,
      resumed_at timestamptz,
      position jsonb,
      covered_until timestamptz,
      state text NOT NULL DEFAULT 'starting',
      state_since timestamptz NOT NULL DEFAULT now(),
      holder text,
      reported_at timestamptz,
      events bigint NOT NULL DEFAULT 0,
      rejected bigint NOT NULL DEFAULT 0,
      failures bigint NOT NULL DEFAULT 0,
      gaps bigint NOT NULL DEFAULT 0,
      last_event_at timestamptz,
      last_event_time text,
      lag_seconds double precision,
      last_error text,
      last_error_at timestamptz
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gateway.connector');
  }
}
