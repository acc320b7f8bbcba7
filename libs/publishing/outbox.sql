-- An outbox of Tidings, for those who do not run its TypeORM migration. Made from outbox-schema.ts: a test compares them.
-- Another schema or another name: replace "public" and "outbox" throughout.

CREATE SEQUENCE "public"."outbox_sequence" AS bigint;

CREATE TABLE "public"."outbox" (
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
  bucket smallint NOT NULL GENERATED ALWAYS AS ((hashtext(coalesce(aggregateid, id::text)) & 15)::smallint) STORED,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The broker will never take it: its neighbours go on, and somebody has to look.
  refused_at timestamptz,
  refusal text
) WITH (
  -- A queue: rows go soon after they came, and the index must not keep what is gone.
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0
);

ALTER SEQUENCE "public"."outbox_sequence" OWNED BY "public"."outbox".sequence;

CREATE INDEX "outbox_waiting" ON "public"."outbox" (bucket, sequence) WHERE refused_at IS NULL;

CREATE FUNCTION "public"."outbox_row"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.aggregateid IS NOT NULL AND current_setting('tidings.outbox_key_lock', true) IS DISTINCT FROM 'off' THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.aggregatetype || chr(31) || NEW.aggregateid, TG_RELID::bigint));
  END IF;
  NEW.sequence := nextval('"public"."outbox_sequence"');
  RETURN NEW;
END $$;

CREATE TRIGGER "outbox_row" BEFORE INSERT ON "public"."outbox"
  FOR EACH ROW EXECUTE FUNCTION "public"."outbox_row"();

CREATE FUNCTION "public"."outbox_wake"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('tidings_outbox', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
  RETURN NULL;
END $$;

CREATE TRIGGER "outbox_wake" AFTER INSERT ON "public"."outbox"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."outbox_wake"();
