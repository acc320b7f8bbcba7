import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Configuration } from '../configuration/configuration.js';
import type { TemplateRenderer } from '../templates/template-renderer.js';
import type { ClaimedDelivery } from './claimed-delivery.js';
import { DeliveryAttempts } from './delivery-attempts.js';
import type { OpenDestinations } from './open-destinations.js';

const RENDERING_MS = 50;

const rendering = (): Promise<unknown> => delay(RENDERING_MS, { text: 'x' });

/** Makes an attempt whose template takes a while. @param leaseMs how much of the lease is left before it is rendered */
async function attempt(leaseMs: number, render = rendering) {
  let sent = 0;
  const configuration = {
    version: 1n,
    destinations: new Map([['d', { id: 'd', type: 'webhook', enabled: true }]]),
    subscriptions: new Map([['s', { attributes: { template_id_notification: 't' } }]]),
    templates: new Map([['t', { body: 'x' }]]),
  } as unknown as Configuration;
  const attempts = new DeliveryAttempts(
    { current: () => configuration, onChange: () => () => undefined },
    {
      use: () => {
        sent += 1;
        return Promise.resolve({ outcome: 'delivered', status: '204' });
      },
    } as unknown as OpenDestinations,
    { render } as unknown as TemplateRenderer,
    1_000,
  );
  const delivery = {
    ...{ id: '1', token: 't', destinationId: 'd', subscriptionId: 's', notificationId: 'n', eventKey: 'e' },
    ...{ attempts: 0, attemptsBefore: 0, configurationVersion: 1n, eventText: '{}', kafkaKey: null },
    leaseUntil: performance.now() + leaseMs,
  } as ClaimedDelivery;
  return { end: await attempts.make(delivery, new AbortController().signal), sent: () => sent };
}

it('what waited so long for its template that it might be sent beyond its lease is not sent, and waits for a new lease', async () => {
  // Enough for the exchange and for writing down its outcome, and not for the template besides.
  const { end, sent } = await attempt(4_000 + RENDERING_MS / 2);
  expect(sent()).toBe(0);
  expect(end).toMatchObject({ state: 'waiting', result: undefined });
  expect(end).not.toHaveProperty('attempt');
});

it('what has enough of its lease left behind its template is sent once', async () => {
  const { end, sent } = await attempt(60_000);
  expect(sent()).toBe(1);
  expect(end).toMatchObject({ state: 'delivered', attempt: { number: 1, outcome: 'delivered' } });
});

it('a renderer that fails fails the one attempt', async () => {
  const { end, sent } = await attempt(60_000, () => Promise.reject(new RangeError('too deep')));
  expect(sent()).toBe(0);
  expect(end).toMatchObject({ state: 'waiting', attempt: { outcome: 'failed', status: 'template' } });
});
