import type { PoolClient } from 'pg';
import type { GatewayDatabase } from './gateway-database.store.js';

/** The first half of the locks' keys; the second is the hash of a connector's name. */
const LOCK_SPACE = 7_414_933;

/** So that the server notices within half a minute that a machine with locks has gone. */
const SESSION = 'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3';

/**
 * Which connectors this process runs. The locks belong to one connection, so they go when the process dies; whoever
 * asks next gets them. Where only that connection breaks, two may run a connector for a moment: what both send twice is
 * removed in the store.
 */
export class ConnectorLocks {
  private client: PoolClient | undefined;
  private connecting: Promise<PoolClient> | undefined;
  private readonly held = new Set<string>();

  constructor(private readonly database: GatewayDatabase) {}

  /** @returns whether this process has the lock now. @throws where the database is away */
  async acquire(name: string): Promise<boolean> {
    if (this.held.has(name)) return true;
    const client = await this.connected();
    try {
      const { rows } = await client.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_lock($1::int, hashtext($2)) AS locked',
        [LOCK_SPACE, name],
      );
      const isLocked = rows[0]?.locked === true && this.client === client;
      if (isLocked) this.held.add(name);
      return isLocked;
    } catch (error) {
      this.forget(client);
      throw error;
    }
  }

  /** Lets another process have it. Never throws: where the connection is gone, so is the lock. */
  async release(name: string): Promise<void> {
    const { client } = this;
    if (!this.held.delete(name) || client === undefined) return;
    try {
      await client.query('SELECT pg_advisory_unlock($1::int, hashtext($2))', [LOCK_SPACE, name]);
    } catch {
      this.forget(client);
    }
  }

  /** Lets all of them go. */
  close(): void {
    if (this.client !== undefined) this.forget(this.client);
  }

  /** One connection, however many ask for it at once. */
  private async connected(): Promise<PoolClient> {
    if (this.client !== undefined) return this.client;
    this.connecting ??= this.connect().finally(() => (this.connecting = undefined));
    return this.connecting;
  }

  private async connect(): Promise<PoolClient> {
    const client = await this.database.pool.connect();
    client.on('error', () => this.forget(client));
    this.client = client;
    try {
      await client.query(SESSION);
    } catch (error) {
      this.forget(client);
      throw error;
    }
    return client;
  }

  private forget(client: PoolClient): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.held.clear();
    client.release(true);
  }
}
