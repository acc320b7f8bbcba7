import { Client, type Pool } from 'pg';

/**
 * Opens a connection that hears what is notified on a channel. It is one of its own: one of the pool's would be missing
 * there for as long as anybody listens.
 *
 * @param pool whose settings it takes
 * @param channel an identifier that needs no quotes
 * @param onEnd called once when the connection is lost; not when it is closed
 * @returns closes it
 * @throws whatever connecting or `LISTEN` throws; `onEnd` is not called then
 */
export async function listen(
  pool: Pool,
  channel: string,
  onNotification: () => void,
  onEnd: () => void,
): Promise<() => Promise<void>> {
  const client = new Client(pool.options);
  let isOver = false;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
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
    client.end().catch(() => undefined);
    throw error;
  }
  return async () => {
    isOver = true;
    await client.end();
  };
}
