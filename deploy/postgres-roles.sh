#!/bin/sh
# Makes the role that the apps work as: it may make schemas, and owns neither the database nor tokens and audit log. The
# image runs this for a new volume; one that is older takes it once:
#   docker compose --file deploy/compose.yaml exec postgres sh /docker-entrypoint-initdb.d/postgres-roles.sh
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set database="$POSTGRES_DB" --set password="$POSTGRES_APP_PASSWORD" <<'SQL'
SELECT 'CREATE ROLE tidings_app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tidings_app') \gexec
ALTER ROLE tidings_app PASSWORD :'password';
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :"database" TO tidings_app;
-- Of an older volume: what the apps have made as the superuser, but for tokens and the audit log.
SET search_path = pg_catalog;
SELECT format('ALTER SCHEMA %I OWNER TO tidings_app', nspname) FROM pg_namespace
  WHERE nspowner = current_user::regrole AND nspname !~ '^pg_'
    AND nspname NOT IN ('information_schema', 'public', 'access') \gexec
SELECT format('ALTER TABLE %s OWNER TO tidings_app', oid::regclass) FROM pg_class made
  WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspowner = 'tidings_app'::regrole)
    AND relkind = ANY ('{r,p,v,m,S}')
    -- The sequence of a column goes with its table.
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = made.oid
      AND made.relkind = 'S' AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')) \gexec
SELECT format('ALTER ROUTINE %s OWNER TO tidings_app', oid::regprocedure) FROM pg_proc
  WHERE pronamespace IN (SELECT oid FROM pg_namespace WHERE nspowner = 'tidings_app'::regrole) \gexec
SQL
