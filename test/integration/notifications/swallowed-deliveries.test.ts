import { createDataSource, poolOf } from '@tidings/database';
import { expect, inject, it } from 'vitest';
import { swallowingProxy } from '../../harness/swallowing-proxy.js';
import { until } from '../../harness/until.js';
import { DeliveryWorld } from './delivery-world.js';
import { WebhookSink } from './webhook-sink.js';

it('deliveries go on after the connections to the database were swallowed', async () => {
  const world = await DeliveryWorld.create(inject('databaseUrl'));
  const proxy = await swallowingProxy(world.databaseUrl);
  const sink = await WebhookSink.open();
  const dataSource = await createDataSource({
    url: proxy.url,
    applicationName: 'tidings-test',
    schema: 'notifications',
    migrations: [],
    poolSize: 4,
    statementDeadlineMs: 2_000,
  });
  try {
    const recipient = await world.recipient({ url: sink.url });
    const delivery = world.start({ pool: poolOf(dataSource) });
    await world.queue([recipient], 10);
    await until(async () => (await world.states())['delivered'] === 10);
    proxy.swallow();
    await world.queue([recipient], 10);
    await until(async () => (await world.states())['delivered'] === 20, {
      what: 'the deliveries to go on',
      timeout: 60_000,
    });
    expect(sink.counts().size).toBe(20);
    expect(world.reports.join()).toContain('cannot be claimed');
    await world.stop(delivery);
  } finally {
    await world.close();
    await dataSource.destroy();
    await proxy.close();
    await sink.close();
  }
}, 120_000);
