import { Client, type Pool } from 'pg';
import { boundedStatement } from './long-statement.js';

/** How often the connection is asked whether it is still there, and how soon it has to answer, milliseconds. */
const PROBE = { every: 15_000, deadline: 10_000 } as const;

/**
 * Opens a connection that hears what is notified on a channel. It is one of its own: one of the pool's would be missing
 * there for as long as anybody listens. One that is silent is asked now and then, for one that was swallowed is silent, too.
 *
 * @param pool whose settings it takes
 * @param channel an identifier that needs no quotes
 * @param onEnd called once when the connection is lost; not when it is closed
 * @param probe how often the connection is asked, and how soon it has to answer, milliseconds
 * @returns closes it
 * @throws whatever connecting or `LISTEN` throws; `onEnd` is not called then
 */
export async function listen(
  pool: Pool,
  channel: string,
  onNotification: () => void,
  onEnd: () => void,
  probe: { readonly every: number; readonly deadline: number } = PROBE,
): Promise<() => Promise<void>> {
  const client = new Client(pool.options);
  let isOver = false;
  const probing = setInterval(() => {
    client.query(boundedStatement('SELECT 1', [], probe.deadline)).catch(over);
  }, probe.every).unref();
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(probing);
    client.end().catch(() => undefined);
    onEnd();
  };
  client.on('notification', onNotification);
  client.on('error', over);
  client.on('end', over);
  try {
    await client.connect();
    await client.query(`LISTEN ${channel}`);
  } catch (error) {
    isOver = true;
    clearInterval(probing);
    client.end().catch(() => undefined);
    throw error;
  }
  return async () => {
    isOver = true;
    clearInterval(probing);
    await client.end();
  };
}
