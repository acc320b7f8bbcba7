import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What goes out: matched events, a delivery for each subscription that takes one, the attempts, and replays. */
export class CreateDeliveries1700001001000 implements MigrationInterface {
  readonly name = 'CreateDeliveries1700001001000';

  async up(runner: QueryRunner): Promise<void> {
    // An event is kept once, however many subscriptions take it. `key` is its identity (hash of source and id), `id` the
    // uuid that the query API shows, `body` the CloudEvent in structured JSON without `notification_id`.
    await runner.query(
      `CREATE TABLE notifications.event (
        key uuid PRIMARY KEY,
        id uuid NOT NULL,
        type text NOT NULL,
        source text NOT NULL,
        subject text,
        time timestamptz NOT NULL,
        kafka_key text,
        body text NOT NULL,
        taken_at timestamptz NOT NULL DEFAULT now()
      )`,
    );
    await runner.query('CREATE INDEX event_taken ON notifications.event (taken_at)');
    // state: waiting (due at next_attempt_at), leased (somebody is delivering until lease_until), delivered, failed (no
    // attempt is left), cancelled. `replay_id` tells a replayed delivery from the first one.
    await runner.query(
      `CREATE TABLE notifications.delivery (
        id uuid PRIMARY KEY,
        instance_id uuid NOT NULL,
        event_key uuid NOT NULL,
        subscription_id uuid NOT NULL,
        replay_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
        destination_id uuid NOT NULL,
        topic_id uuid NOT NULL,
        notification_id uuid NOT NULL,
        configuration_version bigint NOT NULL,
        state text NOT NULL DEFAULT 'waiting'
          CHECK (state IN ('waiting', 'leased', 'delivered', 'failed', 'cancelled')),
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        lease_token uuid,
        lease_until timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        last_status text,
        UNIQUE (event_key, subscription_id, replay_id)
      ) WITH (fillfactor = 80)`,
    );
    await runner.query(
      `CREATE INDEX delivery_due ON notifications.delivery (destination_id, next_attempt_at) WHERE state = 'waiting'`,
    );
    await runner.query(`CREATE INDEX delivery_leased ON notifications.delivery (lease_until) WHERE state = 'leased'`);
    await runner.query('CREATE INDEX delivery_instance ON notifications.delivery (instance_id, id)');
    await runner.query(
      `CREATE TABLE notifications.attempt (
        delivery_id uuid NOT NULL,
        number integer NOT NULL,
        at timestamptz NOT NULL,
        latency_ms integer NOT NULL,
        outcome text NOT NULL,
        status text,
        problem text,
        response_head text,
        PRIMARY KEY (delivery_id, number)
      )`,
    );
    // Hourly, added up from every replica's batches. Partitions of Kafka are spread over the slots, because batches that
    // count into one row would commit one after another; what is read is the sum.
    await runner.query(
      `CREATE TABLE notifications.source_count (
        instance_id uuid NOT NULL,
        source_id text NOT NULL,
        hour timestamptz NOT NULL,
        slot smallint NOT NULL,
        received bigint NOT NULL DEFAULT 0,
        matched bigint NOT NULL DEFAULT 0,
        suppressed bigint NOT NULL DEFAULT 0,
        deliveries bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (instance_id, source_id, hour, slot)
      )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE notifications.source_count, notifications.attempt, notifications.delivery, notifications.event`,
    );
  }
}
