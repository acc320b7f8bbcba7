import { describe, expect, it } from 'vitest';
import type { BatchLoad, MatchedEvent } from './batch-load.js';
import { JointLoadStore } from './joint-load-store.js';

function load(id: string, configurationVersion = 1n): BatchLoad {
  const event: MatchedEvent = {
    key: id,
    id,
    type: 'com.example.made',
    source: '/example',
    subject: undefined,
    micros: 0n,
    kafkaKey: undefined,
    body: '{}',
    deliveries: [],
  };
  const counts = [{ instanceId: 'instance', sourceId: 'source', received: 3, matched: 1, suppressed: 2 }];
  return { configurationVersion, events: [event], counts };
}

/** A table that keeps what it is given until it is told to go on. */
class SlowTable {
  readonly stored: { readonly ids: string; readonly load: BatchLoad; readonly slot: number }[] = [];
  refused: string | undefined;
  private readonly held: (() => void)[] = [];

  store = async (given: BatchLoad, slot: number): Promise<number> => {
    const ids = given.events.map(({ id }) => id).join(' ');
    this.stored.push({ ids, load: given, slot });
    await new Promise<void>((resolve) => this.held.push(resolve));
    // What PostgreSQL says of a text that it cannot keep.
    if (this.refused !== undefined && ids.includes(this.refused))
      throw Object.assign(new Error('no'), { code: '22021' });
    return given.events.length;
  };

  async goOn(): Promise<void> {
    while (this.held.length > 0) {
      this.held.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const idsOf = ({ stored }: SlowTable): string[] => stored.map(({ ids }) => ids);

describe('loads', () => {
  it('do not wait where nobody is before them, and go together where somebody is', async () => {
    const table = new SlowTable();
    const store = new JointLoadStore(table);
    const results = Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => store.store(load(id))));
    expect(idsOf(table)).toEqual(['a', 'b']);
    await table.goOn();
    expect(idsOf(table)).toEqual(['a', 'b', 'c d e']);
    expect(await results).toEqual([1, 1, 3, 0, 0]);
    expect(table.stored[2]?.load.counts).toEqual([
      { instanceId: 'instance', sourceId: 'source', received: 9, matched: 3, suppressed: 6 },
    ]);
    expect(new Set(table.stored.slice(0, 2).map(({ slot }) => slot)).size).toBe(2);
  });

  it('of another configuration go on their own', async () => {
    const table = new SlowTable();
    const store = new JointLoadStore(table);
    const loads = [load('a'), load('b'), load('c', 1n), load('d', 2n), load('e', 1n)];
    const results = Promise.all(loads.map((one) => store.store(one)));
    await table.goOn();
    await results;
    expect(idsOf(table)).toEqual(['a', 'b', 'c e', 'd']);
    expect(table.stored.map(({ load: one }) => one.configurationVersion)).toEqual([1n, 1n, 1n, 2n]);
  });

  it('do not suffer for what is refused of their neighbours', async () => {
    const table = new SlowTable();
    table.refused = 'd';
    const store = new JointLoadStore(table);
    const results = Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((id) => store.store(load(id))));
    await table.goOn();
    expect((await results).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(idsOf(table)).toEqual(['a', 'b', 'c d e', 'c', 'd', 'e']);
  });
});
