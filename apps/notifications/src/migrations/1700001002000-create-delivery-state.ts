import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the dispatcher keeps beside the deliveries: how destinations fare, and replays of stored events. */
export class CreateDeliveryState1700001002000 implements MigrationInterface {
  readonly name = 'CreateDeliveryState1700001002000';

  async up(runner: QueryRunner): Promise<void> {
    // A delivery that is tried again by hand begins its schedule anew; its attempts go on being counted.
    await runner.query('ALTER TABLE notifications.delivery ADD COLUMN attempts_before integer NOT NULL DEFAULT 0');
    // Every delivery changes its row twice and so leaves two dead ones, which claims have to step over.
    await runner.query(
      `ALTER TABLE notifications.delivery SET (autovacuum_vacuum_scale_factor = 0.02,
        autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0)`,
    );
    await runner.query(
      `CREATE INDEX delivery_failed ON notifications.delivery (destination_id, id) WHERE state = 'failed'`,
    );
    // By the uuid that the query API shows.
    await runner.query('CREATE INDEX event_id ON notifications.event (id)');
    await runner.query('CREATE INDEX delivery_notification ON notifications.delivery (notification_id)');
    await runner.query(
      `CREATE INDEX delivery_replay ON notifications.delivery (replay_id)
      WHERE replay_id <> '00000000-0000-0000-0000-000000000000'`,
    );
    // Only destinations that fail and have not delivered anything since: a success takes the row away.
    await runner.query(
      `CREATE TABLE notifications.destination_failure (
        destination_id uuid PRIMARY KEY,
        since timestamptz NOT NULL DEFAULT now(),
        latest_at timestamptz NOT NULL DEFAULT now()
      )`,
    );
    // Kept until the bus has acknowledged the event that tells the operator.
    await runner.query(
      `CREATE TABLE notifications.disabled_destination_notice (
        destination_id uuid PRIMARY KEY,
        instance_id uuid NOT NULL,
        name text NOT NULL,
        reason text NOT NULL,
        last_status text,
        disabled_at timestamptz NOT NULL DEFAULT now()
      )`,
    );
    // state: running, done, cancelled, failed. `cursor` is where the events app goes on; `found` and `queued` count.
    await runner.query(
      `CREATE TABLE notifications.replay (
        id uuid PRIMARY KEY,
        instance_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        query jsonb NOT NULL,
        state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'cancelled', 'failed')),
        cursor text,
        found bigint NOT NULL DEFAULT 0,
        queued bigint NOT NULL DEFAULT 0,
        problem text,
        lease_until timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz
      )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE notifications.destination_failure, notifications.disabled_destination_notice, notifications.replay',
    );
    await runner.query(
      'DROP INDEX notifications.delivery_failed, notifications.delivery_notification, notifications.delivery_replay, notifications.event_id',
    );
    await runner.query('ALTER TABLE notifications.delivery DROP COLUMN attempts_before');
  }
}
