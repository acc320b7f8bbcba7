import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Configuration, DestinationConfiguration } from '../configuration/configuration.js';
import type { ClaimedDelivery, Completion, DestinationRoom, ClaimBounds } from './claimed-delivery.js';
import { CompletionLog } from './completion-log.js';
import type { DeliveryAttempts } from './delivery-attempts.js';
import { Dispatcher } from './dispatcher.js';

const running: Dispatcher[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

function destinations(count: number): Configuration {
  const entries = Array.from({ length: count }, (_, n): [string, DestinationConfiguration] => {
    const id = `d${n}`;
    return [
      id,
      {
        id,
        name: id,
        instanceId: 'i',
        type: 'webhook',
        enabled: n % 10 !== 9,
        config: {},
        secrets: undefined,
        signingSecrets: [],
        retryScheduleSeconds: undefined,
        updatedAt: new Date(0),
      },
    ];
  });
  const none = new Map<never, never>();
  return { version: 1n, instances: none, destinations: new Map(entries), subscriptions: none, templates: none };
}

/** A dispatcher over a queue that remembers what it was asked for. */
function dispatcher(configuration: Configuration, due: readonly string[] = []) {
  const claims: { readonly rooms: readonly DestinationRoom[]; readonly most: ClaimBounds }[] = [];
  const completed: Completion[] = [];
  const left = [...due];
  const one = new Dispatcher({
    queue: {
      claim: (rooms, most) => {
        claims.push({ rooms, most });
        const taken = left.splice(0, most.rows).map(claimed);
        return Promise.resolve(taken);
      },
      reclaim: () => Promise.resolve(0),
    },
    configuration: { current: () => configuration, onChange: () => () => undefined },
    attempts: {
      make: ({ id, token, destinationId }: ClaimedDelivery) =>
        Promise.resolve({
          id,
          token,
          destinationId,
          state: 'delivered',
          pauseSeconds: 0,
          result: { outcome: 'delivered', status: '204' },
        }),
    } as unknown as DeliveryAttempts,
    log: new CompletionLog(
      {
        complete: (batch) => {
          completed.push(...batch);
          return Promise.resolve(batch.length);
        },
      },
      () => undefined,
      1_000,
    ),
    watch: { delivered: () => undefined, failed: () => undefined },
    report: () => undefined,
  });
  running.push(one);
  return { one, claims, completed };
}

function claimed(destinationId: string, index: number): ClaimedDelivery {
  return {
    id: `${destinationId}-${index}`,
    token: 't',
    leaseUntil: Number.POSITIVE_INFINITY,
    orderKey: undefined,
    bytes: 2,
    instanceId: 'i',
    destinationId,
    subscriptionId: 's',
    notificationId: 'n',
    configurationVersion: 1n,
    attempts: 0,
    attemptsBefore: 0,
    eventKey: 'e',
    eventText: '{}',
    kafkaKey: null,
  };
}

describe('a claim', () => {
  it('is for all destinations that are enabled, however many there are', async () => {
    const { one, claims } = dispatcher(destinations(1_000));
    one.start();
    await vi.waitFor(() => expect(claims).toHaveLength(1));
    expect(claims[0]?.rooms).toHaveLength(900);
    expect(claims[0]?.rooms.every(({ room }) => room > 0)).toBe(true);
    expect(claims[0]?.most.rows).toBeLessThan(10_000);
  });

  it('begins with another destination each time', async () => {
    const { one, claims } = dispatcher(destinations(20));
    one.start();
    await vi.waitFor(() => expect(claims).toHaveLength(1));
    one.wake();
    await vi.waitFor(() => expect(claims.length).toBeGreaterThan(1));
    expect(claims[1]?.rooms[0]?.destinationId).not.toBe(claims[0]?.rooms[0]?.destinationId);
  });
});

it('what is claimed is delivered and written down, and a stop waits for that', async () => {
  const due = Array.from({ length: 50 }, (_, n) => `d${n % 5}`);
  const { one, claims, completed } = dispatcher(destinations(5), due);
  one.start();
  await vi.waitFor(() => expect(claims.length).toBeGreaterThan(0));
  await one.stop();
  expect(completed.filter(({ state }) => state === 'delivered')).toHaveLength(50);
});
