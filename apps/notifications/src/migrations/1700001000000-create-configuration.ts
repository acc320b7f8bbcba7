import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What admins configure: instances, sources, topics with rules, destinations, subscriptions, templates. */
export class CreateConfiguration1700001000000 implements MigrationInterface {
  readonly name = 'CreateConfiguration1700001000000';

  async up(runner: QueryRunner): Promise<void> {
    // One row. Every change of the configuration raises it in its own transaction, and so changes are one after another.
    await runner.query(
      `CREATE TABLE notifications.configuration (
        id boolean PRIMARY KEY DEFAULT true CHECK (id),
        version bigint NOT NULL
      )`,
    );
    await runner.query('INSERT INTO notifications.configuration (version) VALUES (1)');
    await runner.query(
      `CREATE TABLE notifications.instance (
        id uuid PRIMARY KEY,
        name text NOT NULL UNIQUE,
        scopes text[] NOT NULL,
        is_default boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now()
      )`,
    );
    // A source of a system is pre-defined; one without a system is an API source, whose events are sent through the API.
    await runner.query(
      `CREATE TABLE notifications.source (
        instance_id uuid NOT NULL REFERENCES notifications.instance ON DELETE CASCADE,
        id text NOT NULL,
        system text,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        type text NOT NULL,
        enabled boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (instance_id, id),
        UNIQUE (instance_id, name),
        UNIQUE (instance_id, system)
      )`,
    );
    await runner.query(
      `CREATE TABLE notifications.topic (
        id uuid PRIMARY KEY,
        instance_id uuid NOT NULL REFERENCES notifications.instance ON DELETE CASCADE,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (instance_id, name)
      )`,
    );
    await runner.query(
      `CREATE TABLE notifications.topic_source (
        topic_id uuid NOT NULL REFERENCES notifications.topic ON DELETE CASCADE,
        instance_id uuid NOT NULL,
        source_id text NOT NULL,
        position integer NOT NULL,
        PRIMARY KEY (topic_id, source_id),
        FOREIGN KEY (instance_id, source_id) REFERENCES notifications.source ON DELETE CASCADE
      )`,
    );
    await runner.query(
      `CREATE TABLE notifications.rule (
        id uuid PRIMARY KEY,
        topic_id uuid NOT NULL,
        source_id text NOT NULL,
        position integer NOT NULL,
        enabled boolean NOT NULL,
        event_type_filter text NOT NULL,
        notification_filter text NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        FOREIGN KEY (topic_id, source_id) REFERENCES notifications.topic_source ON DELETE CASCADE
      )`,
    );
    await runner.query('CREATE INDEX rule_topic_source ON notifications.rule (topic_id, source_id, position)');
    // Whatever of `config` is secret is in `secrets`, encrypted. Null: it has none.
    await runner.query(
      `CREATE TABLE notifications.destination (
        id uuid PRIMARY KEY,
        instance_id uuid NOT NULL REFERENCES notifications.instance ON DELETE CASCADE,
        name text NOT NULL,
        type text NOT NULL,
        description text NOT NULL DEFAULT '',
        collect_failed_events boolean NOT NULL DEFAULT false,
        config jsonb NOT NULL,
        secrets bytea,
        signing_secret bytea,
        former_signing_secret bytea,
        former_signing_secret_ends_at timestamptz,
        retry_schedule_seconds integer[],
        enabled boolean NOT NULL DEFAULT true,
        disabled_at timestamptz,
        disabled_reason text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (instance_id, name)
      )`,
    );
    await runner.query(
      `CREATE TABLE notifications.template (
        id uuid PRIMARY KEY,
        instance_id uuid NOT NULL REFERENCES notifications.instance ON DELETE CASCADE,
        name text NOT NULL,
        type text NOT NULL,
        description text NOT NULL DEFAULT '',
        subject text,
        body text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (instance_id, name)
      )`,
    );
    await runner.query(
      `CREATE TABLE notifications.subscription (
        id uuid PRIMARY KEY,
        instance_id uuid NOT NULL REFERENCES notifications.instance ON DELETE CASCADE,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        topic_id uuid NOT NULL REFERENCES notifications.topic ON DELETE CASCADE,
        destination_id uuid NOT NULL REFERENCES notifications.destination ON DELETE CASCADE,
        attributes jsonb NOT NULL,
        filter text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (instance_id, name)
      )`,
    );
    await runner.query('CREATE INDEX subscription_topic ON notifications.subscription (topic_id)');
    await runner.query('CREATE INDEX subscription_destination ON notifications.subscription (destination_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE notifications.subscription, notifications.template, notifications.destination, notifications.rule,
        notifications.topic_source, notifications.topic, notifications.source, notifications.instance,
        notifications.configuration`,
    );
  }
}
