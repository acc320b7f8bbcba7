import { describe, expect, it } from 'vitest';
import type { ClaimedDelivery } from './claimed-delivery.js';
import { DestinationLane, MOST_IN_FLIGHT } from './destination-lane.js';

const delivery = (id: number): ClaimedDelivery => ({ id: String(id), bytes: 0 }) as ClaimedDelivery;

/** A lane whose clock stands until it is moved, with so many deliveries claimed for it. */
function lane(claimed: number): { lane: DestinationLane; pass: (ms: number) => void; begun: () => number } {
  let now = 0;
  const made = new DestinationLane(undefined, () => now);
  for (let id = 0; id < claimed; id += 1) made.add(delivery(id));
  const begun = (): number => {
    let count = 0;
    while (made.begin() !== undefined) count += 1;
    return count;
  };
  return { lane: made, pass: (ms) => void (now += ms), begun };
}

describe('a lane', () => {
  it('has no more under way at once than it may, and begins the next when one has ended', () => {
    const { lane: own, begun } = lane(MOST_IN_FLIGHT + 5);
    expect(begun()).toBe(MOST_IN_FLIGHT);
    own.end(delivery(0), 'delivered');
    expect(begun()).toBe(1);
  });

  it('narrows while answers do not come in time, gives back what queues, and widens when they come again', () => {
    const { lane: own, begun } = lane(MOST_IN_FLIGHT + 5);
    begun();
    own.end(delivery(0), 'slow');
    expect(own.takeStranded()).toHaveLength(5);
    expect(own.room()).toBe(0);
    for (let count = 1; count < MOST_IN_FLIGHT; count += 1) own.end(delivery(0), 'delivered');
    expect(own.room()).toBeGreaterThan(MOST_IN_FLIGHT);
  });

  it('gives back what has queued for so long that its lease may end first', () => {
    const { lane: own, pass } = lane(3);
    expect(own.takeLate()).toEqual([]);
    pass(10_001);
    expect(own.takeLate()).toHaveLength(3);
    expect(own.isIdle).toBe(true);
  });
});
