import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DEFAULT_ACCOUNT, DEFAULT_GROUP, groupCrn } from '../api/resource-names.js';

/** Resource groups, service instances, their keys, and what is under way. */
export class CreateResources1700002000000 implements MigrationInterface {
  readonly name = 'CreateResources1700002000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE resource_controller.resource_group (
      id text PRIMARY KEY,
      account_id text NOT NULL,
      crn text NOT NULL,
      name text NOT NULL,
      created_at timestamptz NOT NULL,
      created_by text NOT NULL,
      updated_at timestamptz NOT NULL,
      CONSTRAINT resource_group_name UNIQUE (account_id, name)
    )`);
    await runner.query(
      `INSERT INTO resource_controller.resource_group VALUES ($1, $2, $3, 'default', now(), 'installation', now())`,
      [DEFAULT_GROUP, DEFAULT_ACCOUNT, groupCrn(DEFAULT_ACCOUNT, DEFAULT_GROUP)],
    );
    await runner.query(`CREATE TABLE resource_controller.service_instance (
      guid uuid PRIMARY KEY,
      crn text NOT NULL,
      account_id text NOT NULL,
      resource_group_id text NOT NULL,
      resource_id text NOT NULL,
      resource_plan_id text NOT NULL,
      region_id text NOT NULL,
      name text NOT NULL,
      state text NOT NULL,
      locked boolean NOT NULL,
      parameters json NOT NULL,
      promo_code text,
      last_operation jsonb NOT NULL,
      created_at timestamptz NOT NULL,
      created_by text NOT NULL,
      updated_at timestamptz NOT NULL,
      restored_at timestamptz,
      restored_by text,
      scheduled_reclaim_at timestamptz,
      scheduled_reclaim_by text,
      CONSTRAINT service_instance_group FOREIGN KEY (resource_group_id) REFERENCES resource_controller.resource_group
    )`);
    await runner.query('CREATE INDEX ON resource_controller.service_instance (resource_group_id)');
    await runner.query(`CREATE TABLE resource_controller.service_key (
      guid uuid PRIMARY KEY,
      crn text NOT NULL,
      instance_guid uuid NOT NULL REFERENCES resource_controller.service_instance ON DELETE CASCADE,
      name text NOT NULL,
      role text NOT NULL,
      created_at timestamptz NOT NULL,
      created_by text NOT NULL
    )`);
    await runner.query('CREATE INDEX ON resource_controller.service_key (instance_guid)');
    await runner.query(`CREATE TABLE resource_controller.pending_operation (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      instance_guid uuid NOT NULL REFERENCES resource_controller.service_instance ON DELETE CASCADE,
      type text NOT NULL,
      request json NOT NULL,
      actor_id text NOT NULL,
      actor_name text NOT NULL,
      due_at timestamptz NOT NULL
    )`);
    await runner.query('CREATE INDEX ON resource_controller.pending_operation (due_at)');
    await runner.query('CREATE INDEX ON resource_controller.pending_operation (instance_guid)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['pending_operation', 'service_key', 'service_instance', 'resource_group']) {
      await runner.query(`DROP TABLE resource_controller.${table}`);
    }
  }
}
