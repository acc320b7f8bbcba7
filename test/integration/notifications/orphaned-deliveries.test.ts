import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { DeliveryWorld } from './delivery-world.js';

let world: DeliveryWorld;

beforeAll(async () => {
  world = await DeliveryWorld.create(inject('databaseUrl'));
});
afterAll(async () => world.close());

it('what a matcher put there after its destination was deleted is cancelled', async () => {
  const gone = { destinationId: randomUUID(), subscriptionId: randomUUID() };
  await world.queue([gone], 3);
  expect(await world.states()).toEqual({ waiting: 3 });
  const delivery = world.start();
  await until(async () => (await world.states())['cancelled'] === 3, { what: 'the deliveries to be cancelled' });
  await world.stop(delivery);
});
