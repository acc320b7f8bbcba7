import { Client, type ClientBase, escapeIdentifier, escapeLiteral } from 'pg';
import { clientConfig, CONNECT_TIMEOUT_MS, type ConnectionSettings } from './connection-settings.js';

/** For a schema that may belong to another role than the one that works in it. */
export interface SchemaOwner {
  /** How the owner connects. Undefined: this process does not; who works in the schema owns it, or was given its rights before. */
  readonly connection: Pick<ConnectionSettings, 'url' | 'tls'> | undefined;
  /** What a role needs to work in the schema. @param role escaped */
  readonly grants: (role: string) => readonly string[];
}

/**
 * Leaves a role with exactly these rights in a schema, which with all that is in it comes to the role that is connected.
 *
 * @param owner its connection; runs the statements as one transaction, so that who works meanwhile notices nothing
 * @param role who works in the schema
 */
export async function limitRole(
  owner: ClientBase,
  schema: string,
  role: string,
  grants: SchemaOwner['grants'],
): Promise<void> {
  const [user, name] = [escapeIdentifier(role), escapeIdentifier(schema)];
  await runTogether(owner, [
    ...(await changesOfOwner(owner, schema, await currentRole(owner))),
    // The owner that it was may have been given more.
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${name} FROM ${user}, PUBLIC`,
    `REVOKE ALL ON SCHEMA ${name} FROM ${user}, PUBLIC`,
    ...grants(user),
  ]);
}

/** The role that is connected. */
export async function currentRole(client: Pick<ClientBase, 'query'>): Promise<string> {
  const { rows } = await client.query<{ role: string }>('SELECT current_user AS role');
  return rows[0]?.role ?? '';
}

/** A role that works in a database and owns neither that nor all of its schemas. */
export interface WorkingRole {
  readonly name: string;
  readonly password: string;
  /** Schemas that it is not to own. */
  readonly without: readonly string[];
}

/**
 * Makes a role, or sets its password, and hands it the schemas of the superuser that connects. It may make schemas and
 * trusted extensions, and has no other rights.
 *
 * @param superuser its connection
 */
export async function provideRole(superuser: ConnectionSettings, role: WorkingRole): Promise<void> {
  const client = new Client({ ...clientConfig(superuser), connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const user = escapeIdentifier(role.name);
    const { rows: roles } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role.name]);
    const { rows: schemas } = await client.query<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace
      WHERE nspowner = current_user::regrole AND nspname !~ '^pg_' AND nspname <> ALL ($1::text[])`,
      [['information_schema', 'public', ...role.without]],
    );
    const changes: string[] = [];
    for (const { name } of schemas) changes.push(...(await changesOfOwner(client, name, role.name)));
    await runTogether(client, [
      ...(roles.length > 0 ? [] : [`CREATE ROLE ${user}`]),
      `ALTER ROLE ${user} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${escapeLiteral(role.password)}`,
      `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${escapeIdentifier(client.database ?? '')} TO ${user}`,
      ...changes,
    ]);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What makes a role the owner of a schema and of its tables, sequences, views and functions. */
async function changesOfOwner(client: ClientBase, schema: string, role: string): Promise<string[]> {
  // The schema first: the owner of a table needs rights in it. Tables in the order they were made, which is how apps lock them.
  const { rows } = await client.query<{ kind: string; name: string }>(
    `SELECT kind, name FROM (
      SELECT 0 AS rank, oid, 'SCHEMA' AS kind, quote_ident(nspname) AS name, nspowner AS owner
        FROM pg_namespace WHERE nspname = $1
      UNION ALL SELECT 1, oid, 'TABLE', oid::regclass::text, relowner
        FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
          AND relkind = ANY ('{r,p,v,m,f,S}')
          -- The sequence of a column goes with its table.
          AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid
            AND relkind = 'S' AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i'))
      UNION ALL SELECT 2, oid, 'ROUTINE', oid::regprocedure::text, proowner
        FROM pg_proc WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
    ) part
    WHERE owner IS DISTINCT FROM (SELECT oid FROM pg_roles WHERE rolname = $2) ORDER BY rank, oid`,
    [schema, role],
  );
  return rows.map(({ kind, name }) => `ALTER ${kind} ${name} OWNER TO ${escapeIdentifier(role)}`);
}

async function runTogether(client: ClientBase, statements: readonly string[]): Promise<void> {
  // Several statements in one query are one transaction.
  await client.query(statements.join(';\n'));
}
