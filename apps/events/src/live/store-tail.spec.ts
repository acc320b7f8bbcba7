import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LiveRow } from './live-row.js';
import type { LiveRowStore, ReadingLimits, RowChunk } from './live-row.store.js';
import type { StorePosition } from './store-position.js';
import { StoreTail } from './store-tail.js';

const row = (sequence: bigint): LiveRow => ({
  position: { transaction: 1n, sequence },
  storedAt: 0n,
  id: '47eaa0992cb6416d86dc283cf0480ff9',
  typeId: 1,
  sourceId: 1,
  tenant: null,
  project: null,
  actor: null,
  relatedUser: null,
  outcome: null,
  conforming: true,
  eventId: String(sequence),
  subject: null,
  message: '',
  searchText: null,
  data: '{}',
  authMethod: null,
  personalToken: null,
  attributes: null,
});

/** A store in memory, whose connection to listen by can be ended. */
class FakeStore {
  readonly rows: LiveRow[] = [];
  failure: Error | undefined;
  fitting = Infinity;
  commit: () => void = () => undefined;
  endConnection: () => void = () => undefined;
  listened = 0;
  stopped = 0;

  /** Positions are counted from here on. */
  epoch = 1n;

  horizon(): Promise<StorePosition> {
    return Promise.resolve({ transaction: this.epoch, sequence: 2n ** 62n });
  }

  present(): Promise<StorePosition> {
    return Promise.resolve({ transaction: 1n, sequence: BigInt(this.rows.length) });
  }

  after({ sequence }: StorePosition, limits: ReadingLimits): Promise<RowChunk> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const left = this.rows.filter(({ position }) => position.sequence > sequence);
    // As if only so many of them fitted the bytes.
    const rows = left.slice(0, Math.min(limits.rows, this.fitting));
    return Promise.resolve({ rows, isEnd: rows.length === left.length });
  }

  listen(onCommit: () => void, onEnd: () => void): Promise<() => Promise<void>> {
    this.listened += 1;
    this.commit = onCommit;
    this.endConnection = onEnd;
    return Promise.resolve(() => {
      this.stopped += 1;
      return Promise.resolve();
    });
  }

  add(count: number): void {
    for (let n = 0; n < count; n += 1) this.rows.push(row(BigInt(this.rows.length + 1)));
    this.commit();
  }
}

function following(store: FakeStore): { readonly tail: StoreTail; readonly told: string[] } {
  const told: string[] = [];
  const tail = new StoreTail(store as unknown as LiveRowStore);
  tail.onRows({
    prepare: () => Promise.resolve(),
    tell: (rows) => void told.push(...rows.map(({ eventId }) => eventId)),
    restart: () => void told.push('restart'),
  });
  return { tail, told };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the tail of the store', () => {
  it('tells each row once, in order, of those that come while somebody follows', async () => {
    const store = new FakeStore();
    store.add(3);
    const { tail, told } = following(store);
    expect(tail.position).toBeUndefined();
    tail.acquire();
    await tail.settled();
    expect(told).toEqual([]);
    store.add(1_200);
    await tail.settled();
    expect(told).toEqual(Array.from({ length: 1_200 }, (_, n) => String(n + 4)));
    expect(tail.position).toEqual({ transaction: 1n, sequence: 1_203n });
    expect(tail.recentAfter({ transaction: 1n, sequence: 1_201n })?.map(({ eventId }) => eventId)).toEqual([
      '1202',
      '1203',
    ]);
    tail.release();
    await vi.waitFor(() => expect(store.stopped).toBe(1));
    expect(tail.position).toBeUndefined();
    expect(tail.recentAfter({ transaction: 1n, sequence: 1_201n })).toBeUndefined();
  });

  it('reads on where rows were left out because they are large', async () => {
    const store = new FakeStore();
    const { tail, told } = following(store);
    tail.acquire();
    await tail.settled();
    store.fitting = 1;
    store.add(5);
    await tail.settled();
    expect(told).toEqual(['1', '2', '3', '4', '5']);
    tail.release();
  });

  it('begins anew where the store was restored into a server whose numbers are smaller', async () => {
    const store = new FakeStore();
    const { tail, told } = following(store);
    tail.acquire();
    await tail.settled();
    store.epoch = 0n;
    await vi.waitFor(() => expect(told).toEqual(['restart']), { timeout: 15_000 });
    tail.release();
  });

  it('says to whom waits that the store cannot be read, and reads on', async () => {
    const store = new FakeStore();
    const { tail, told } = following(store);
    tail.acquire();
    await tail.settled();
    store.failure = new Error('away');
    await expect(tail.settled()).rejects.toThrow('away');
    store.failure = undefined;
    store.add(1);
    await tail.settled();
    expect(told).toEqual(['1']);
    tail.release();
  });

  it('listens again on a new connection, and leaves no listener behind at each', async () => {
    const listening = vi.spyOn(EventTarget.prototype, 'addEventListener');
    const store = new FakeStore();
    const { tail } = following(store);
    tail.acquire();
    await tail.settled();
    store.endConnection();
    await vi.waitFor(() => expect(store.listened).toBe(2), { timeout: 15_000 });
    expect(store.stopped).toBe(1);
    const signals = new Set(listening.mock.contexts.filter((target) => target instanceof AbortSignal));
    const left = [...signals].map((signal) => getEventListeners(signal, 'abort').length);
    expect(Math.max(...left)).toBe(1);
    tail.release();
    await vi.waitFor(() => expect(store.stopped).toBe(2));
  });
});
