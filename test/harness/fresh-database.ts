import { Client } from 'pg';
import { freshName } from './fresh-names.js';

/** An empty database of its own. */
export interface FreshDatabase {
  readonly url: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Makes an empty database with a name that nobody else uses.
 *
 * @param serverUrl of a database on the same server, of a user who may make others; in tests `inject('databaseUrl')`
 */
export async function freshDatabase(serverUrl: string): Promise<FreshDatabase> {
  const name = freshName();
  await execute(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: async () => execute(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
