import { KEY_LOCK_SETTING, OUTBOX_BUCKETS, OUTBOX_CHANNEL, OutboxTable, type OutboxTableName } from './outbox-table.js';

/**
 * The statements that make an outbox. Its columns are those of Debezium's outbox event router, with what else a
 * CloudEvent needs beside them.
 *
 * The trigger belongs to the guarantee: whoever inserts, in whatever language, first locks the key until the end of the
 * transaction and only then draws the number. So rows of one key become visible in the order of their numbers, and one
 * that is visible is never overtaken by one that is not committed yet.
 */
export function outboxSchema(name: OutboxTableName = {}): readonly string[] {
  const table = new OutboxTable(name);
  return [
    `CREATE SEQUENCE ${table.sequence} AS bigint`,
    `CREATE TABLE ${table.qualified} (
  sequence bigint NOT NULL PRIMARY KEY,
  -- The event's id where that is a UUID.
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- The Kafka topic, without the prefix of the installation.
  aggregatetype text NOT NULL CHECK (aggregatetype <> ''),
  -- The message key: whose events keep their order.
  aggregateid text,
  type text NOT NULL CHECK (type <> ''),
  -- As text inside, not jsonb: what is signed or compared later must be what was published.
  payload json NOT NULL,
  source text NOT NULL CHECK (source <> ''),
  -- The event's id where that is no UUID.
  event_id text,
  "time" text NOT NULL DEFAULT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  dataschema text,
  extensions jsonb,
  bucket smallint NOT NULL GENERATED ALWAYS AS ((hashtext(coalesce(aggregateid, id::text)) & ${OUTBOX_BUCKETS - 1})::smallint) STORED,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The broker will never take it: its neighbours go on, and somebody has to look.
  refused_at timestamptz,
  refusal text
) WITH (
  -- A queue: rows go soon after they came, and the index must not keep what is gone.
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0
)`,
    `ALTER SEQUENCE ${table.sequence} OWNED BY ${table.qualified}.sequence`,
    `CREATE INDEX "${table.table}_waiting" ON ${table.qualified} (bucket, sequence) WHERE refused_at IS NULL`,
    `CREATE FUNCTION ${table.named('_row')}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.aggregateid IS NOT NULL AND current_setting('${KEY_LOCK_SETTING}', true) IS DISTINCT FROM 'off' THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.aggregatetype || chr(31) || NEW.aggregateid, TG_RELID::bigint));
  END IF;
  NEW.sequence := nextval('${table.sequence}');
  RETURN NEW;
END $$`,
    `CREATE TRIGGER "${table.table}_row" BEFORE INSERT ON ${table.qualified}
  FOR EACH ROW EXECUTE FUNCTION ${table.named('_row')}()`,
    `CREATE FUNCTION ${table.named('_wake')}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('${OUTBOX_CHANNEL}', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
  RETURN NULL;
END $$`,
    `CREATE TRIGGER "${table.table}_wake" AFTER INSERT ON ${table.qualified}
  FOR EACH STATEMENT EXECUTE FUNCTION ${table.named('_wake')}()`,
  ];
}

/** The statements that take it away again, with what waits in it. */
export function outboxRemoval(name: OutboxTableName = {}): readonly string[] {
  const table = new OutboxTable(name);
  return [
    `DROP TABLE ${table.qualified}`,
    `DROP FUNCTION ${table.named('_row')}()`,
    `DROP FUNCTION ${table.named('_wake')}()`,
  ];
}
