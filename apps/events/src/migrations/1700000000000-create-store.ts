import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The store. Rows are narrow because their width decides how fast they come in: names that repeat are numbers of small
 * dictionary tables, whom an event belongs to is three 128-bit keys, and one time-ordered id serves look-up, time order
 * and partitioning. docs/decisions has the reasons and the figures.
 */
export class CreateStore1700000000000 implements MigrationInterface {
  readonly name = 'CreateStore1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE events.dead_letter, events.identity, events.event, events.kafka_topic, events.source, events.event_type;
      DROP SEQUENCE events.event_sequence;
    `);
  }
}

const STATEMENTS = [
  `CREATE TABLE events.event_type (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    system text NOT NULL,
    type text NOT NULL,
    native_type text NOT NULL,
    UNIQUE (type, system)
  )`,
  `CREATE TABLE events.source (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL UNIQUE,
    site text NOT NULL
  )`,
  `CREATE TABLE events.kafka_topic (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kafka_topic text NOT NULL UNIQUE
  )`,

  // A session takes its numbers by the hundred; the position of a row is (transaction, sequence), so that the order
  // between sessions does not matter.
  `CREATE SEQUENCE events.event_sequence CACHE 100`,

  `CREATE TABLE events.event (
    id uuid NOT NULL,
    sequence bigint NOT NULL DEFAULT nextval('events.event_sequence'),
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    time timestamptz NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    type_id integer NOT NULL,
    source_id integer NOT NULL,
    kafka_topic_id integer NOT NULL,
    kafka_partition integer NOT NULL,
    kafka_offset bigint NOT NULL,
    tenant uuid,
    project uuid,
    actor uuid,
    related_user uuid,
    outcome smallint,
    conforming boolean NOT NULL,
    event_id text NOT NULL,
    subject text,
    message text NOT NULL,
    data json NOT NULL,
    auth_method text,
    personal_token text,
    attributes json,
    problems json,
    PRIMARY KEY (id)
  ) PARTITION BY RANGE (id)`,
  `COMMENT ON COLUMN events.event.id IS 'time in microseconds and a hash of source and event_id; sorts by time'`,
  `COMMENT ON COLUMN events.event.event_id IS 'the CloudEvents id; source and event_id are the identity'`,
  `COMMENT ON COLUMN events.event.attributes IS 'time where finer than microseconds, dataschema where not the type''s own, and extensions'`,

  `CREATE INDEX event_by_sequence ON events.event (sequence)`,
  `CREATE INDEX event_by_type_id ON events.event (type_id, id)`,
  `CREATE INDEX event_by_tenant ON events.event (tenant, id) WHERE tenant IS NOT NULL`,
  `CREATE INDEX event_by_project ON events.event (project, id) WHERE project IS NOT NULL`,
  `CREATE INDEX event_by_actor ON events.event (actor, id) WHERE actor IS NOT NULL`,
  `CREATE INDEX event_by_related_user ON events.event (related_user, id) WHERE related_user IS NOT NULL`,
  `CREATE INDEX event_by_personal_token ON events.event (personal_token, id) WHERE personal_token IS NOT NULL`,

  // Times that no partition was made for ahead: clocks gone wrong, and histories from before Tidings.
  `CREATE TABLE events.event_default PARTITION OF events.event DEFAULT`,

  `CREATE TABLE events.identity (
    key uuid PRIMARY KEY,
    event uuid NOT NULL,
    seen date NOT NULL DEFAULT current_date
  )`,
  `COMMENT ON TABLE events.identity IS 'which identities are stored: removes doubles whatever their partitions or times'`,
  `CREATE INDEX identity_seen ON events.identity USING brin (seen)`,

  `CREATE TABLE events.dead_letter (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reason text NOT NULL,
    detail text NOT NULL,
    problems json,
    kafka_topic text NOT NULL,
    kafka_partition integer NOT NULL,
    kafka_offset bigint NOT NULL,
    record_time timestamptz NOT NULL,
    key bytea,
    value bytea,
    headers json NOT NULL,
    digest bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    retried_at timestamptz,
    UNIQUE (kafka_topic, kafka_partition, kafka_offset, digest)
  )`,
  `COMMENT ON COLUMN events.dead_letter.digest IS 'of the message: a recreated kafkaTopic counts its offsets anew'`,
];
