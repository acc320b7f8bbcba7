import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Configuration, DestinationConfiguration } from '../configuration/configuration.js';
import type { ClaimedDelivery, Completion, DestinationRoom, ClaimBounds } from './claimed-delivery.js';
import { CompletionLog } from './completion-log.js';
import type { DeliveryAttempts } from './delivery-attempts.js';
import type { AttemptResult } from '../destination-types/destination-type.js';
import { destinationType } from '../destination-types/destination-types.js';
import { Dispatcher } from './dispatcher.js';

const running: Dispatcher[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

function destinations(count: number, type = 'webhook'): Configuration {
  const entries = Array.from({ length: count }, (_, n): [string, DestinationConfiguration] => {
    const id = `d${n}`;
    return [
      id,
      {
        id,
        name: id,
        instanceId: 'i',
        type,
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

const DELIVERED: AttemptResult = { outcome: 'delivered', status: '204' };

/** A dispatcher over a queue that remembers what it was asked for. @param deliver what comes of each attempt */
function dispatcher(
  configuration: Configuration,
  due: readonly string[] = [],
  deliver: () => Promise<AttemptResult> = () => Promise.resolve(DELIVERED),
) {
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
      make: async ({ id, token, destinationId }: ClaimedDelivery) => {
        const result = await deliver();
        const state = result.outcome === 'delivered' ? 'delivered' : 'failed';
        return { id, token, destinationId, state, pauseSeconds: 0, result };
      },
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

describe('a receiver', () => {
  it.each(['slack', 'smtp_custom'])(
    'of the kind %s never has more under way than it has connections, so that no deadline runs while a message waits for one',
    async (type) => {
      const connections = destinationType(type)?.connections ?? 0;
      let underWay = 0;
      let most = 0;
      const slowly = async (): Promise<AttemptResult> => {
        most = Math.max(most, (underWay += 1));
        await new Promise(setImmediate);
        underWay -= 1;
        return DELIVERED;
      };
      const due = Array.from({ length: 100 }, () => 'd0');
      const { one, completed } = dispatcher(destinations(1, type), due, slowly);
      one.start();
      await vi.waitFor(() => expect(completed).toHaveLength(100), { timeout: 30_000 });
      expect(connections).toBeGreaterThan(0);
      expect(most).toBe(connections);
      expect(new Set(completed.map(({ id }) => id)).size).toBe(100);
    },
  );

  it('that refuses every event lives: the next ones are not kept from it', async () => {
    const due = Array.from({ length: 100 }, () => 'd0');
    const refusal: AttemptResult = { outcome: 'refused', status: '400', isAnswer: true };
    const { one, claims, completed } = dispatcher(destinations(1), due, () => Promise.resolve(refusal));
    one.start();
    await vi.waitFor(() => expect(completed).toHaveLength(100), { timeout: 30_000 });
    one.wake();
    await vi.waitFor(() => expect(claims.at(-1)?.rooms[0]?.room).toBeGreaterThan(1), { timeout: 30_000 });
  });

  it('that fails every time is left alone for a while', async () => {
    const due = Array.from({ length: 100 }, () => 'd0');
    const failure: AttemptResult = { outcome: 'failed', status: '500' };
    const { one, claims, completed } = dispatcher(destinations(1), due, () => Promise.resolve(failure));
    one.start();
    await vi.waitFor(() => expect(completed).toHaveLength(100), { timeout: 30_000 });
    const before = claims.length;
    one.wake();
    expect(claims).toHaveLength(before);
  });
});
