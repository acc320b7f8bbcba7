import { randomUUID } from 'node:crypto';
import { NotificationsDatabase, ReplayRepository } from '@tidings/notifications';
import { parseEnvironment } from '@tidings/runtime';
import { expect, inject, it } from 'vitest';
import { freshDatabase } from '../../harness/fresh-database.js';

it('a replay whose lease ended is gone on with by one process alone, and counts each page once', async () => {
  const { url, drop } = await freshDatabase(inject('databaseUrl'));
  const database = await NotificationsDatabase.open(
    parseEnvironment({ TIDINGS_APP: 'notifications', DATABASE_URL: url }),
  );
  try {
    const replays = new ReplayRepository(database);
    const instanceId = randomUUID();
    const subscriptionId = await subscription(database, instanceId);
    const id = randomUUID();
    await database.pool.query(
      "INSERT INTO notifications.replay (id, instance_id, subscription_id, query) VALUES ($1, $2, $3, '{}')",
      [id, instanceId, subscriptionId],
    );
    const step = { events: [], found: 7, next: 'cursor', configurationVersion: 1n };
    const former = await replays.take();
    if (former === undefined) throw new Error('there is no replay');
    expect(await replays.take()).toBeUndefined();

    await database.pool.query("UPDATE notifications.replay SET lease_until = now() - interval '1 second'");
    const current = await replays.take();
    if (current === undefined) throw new Error('nobody may go on with the replay');
    expect(await replays.advance(former, step)).toBe(false);
    await replays.fail(former, 'It took too long.');
    await replays.release(former);
    expect(await replays.find(instanceId, id)).toMatchObject({ state: 'running', found: '0' });
    expect(await replays.advance(current, step)).toBe(true);
    expect(await replays.find(instanceId, id)).toMatchObject({ state: 'running', found: '7', cursor: 'cursor' });
  } finally {
    await database.onApplicationShutdown();
    await drop();
  }
});

async function subscription({ pool }: NotificationsDatabase, instanceId: string): Promise<string> {
  const [topicId, destinationId, id] = [randomUUID(), randomUUID(), randomUUID()];
  await pool.query("INSERT INTO notifications.instance (id, name, scopes) VALUES ($1, 'test', $2)", [
    instanceId,
    ['*'],
  ]);
  await pool.query("INSERT INTO notifications.topic (id, instance_id, name) VALUES ($1, $2, 'test')", [
    topicId,
    instanceId,
  ]);
  await pool.query(
    "INSERT INTO notifications.destination (id, instance_id, name, type, config) VALUES ($1, $2, 'test', 'webhook', '{}')",
    [destinationId, instanceId],
  );
  await pool.query(
    `INSERT INTO notifications.subscription (id, instance_id, name, topic_id, destination_id, attributes)
    VALUES ($1, $2, 'test', $3, $4, '{}')`,
    [id, instanceId, topicId, destinationId],
  );
  return id;
}
