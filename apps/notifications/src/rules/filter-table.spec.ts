import { expect, it } from 'vitest';
import { Evaluation } from './evaluation.js';
import { parseFilter } from './filter-parser.js';
import { FilterTable } from './filter-table.js';

const fail = (): never => expect.fail('a filter cannot be read');

/** Everything that can be reached from a value, but for functions' closures. */
function reachable(root: unknown): Set<unknown> {
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    const isIterable = next instanceof Map || next instanceof Set;
    for (const inner of isIterable ? (next as Iterable<unknown>) : Object.values(next)) open.push(inner);
  }
  return seen;
}

it('keeps none of the tables before the former one, however often the configuration changes', () => {
  const former: FilterTable[] = [];
  let table = new FilterTable(undefined, fail);
  for (let change = 0; change < 20; change += 1) {
    table.filterOf('$.data.stays == 1');
    table.filterOf(`$.data.changes == ${change}`);
    former.push(table);
    table = new FilterTable(table, fail);
  }
  const kept = reachable(table);
  expect(former.filter((one) => kept.has(one))).toEqual([]);
  table.filterOf('$.data.stays == 1');
  const filters = [...reachable(table)].filter((one) => typeof one === 'object' && one !== null && 'matches' in one);
  // Its own, and the two of the former one: one of them is the same.
  expect(filters).toHaveLength(2);
});

it('takes compiled filters over, and new ones share their paths with them', () => {
  const first = new FilterTable(undefined, fail);
  const kept = first.filterOf('$.data.a == 1').filter;
  const second = new FilterTable(first, fail);
  const added = second.filterOf('$.data.a == 2').filter;
  expect(second.filterOf('$.data.a == 1').filter).toBe(kept);
  expect(added.fixed?.path).toBe(kept.fixed?.path);
});

it('is not touched by filters that are only tried, however many paths they have', () => {
  for (let trial = 0; trial < 32; trial += 1) {
    parseFilter(Array.from({ length: 380 }, (_, n) => `$.t${trial}x${n}`).join('||'));
  }
  const event = { data: { items: [{ owner: 'alice' }, { owner: 'bob' }] } };
  for (const text of [
    '$.data.items[?(@.owner == $.data.items[0].owner)]',
    '$.notification.items[0].owner == "alice"',
    '$.data.items[?($.notification.items[0].owner == @.owner)]',
  ]) {
    expect(new FilterTable(undefined, fail).filterOf(text).filter.matches(event), text).toBe(true);
    expect(parseFilter(text).matches(event), text).toBe(true);
  }
  expect(new FilterTable(undefined, fail).filterOf('$.data.fresh == 1').filter.fixed).toBeDefined();
});

it('lets go of an event when it is done with it', () => {
  const table = new FilterTable(undefined, fail);
  const { filter } = table.filterOf('$.data.big');
  const big = { some: 'thing' };
  const evaluation = new Evaluation({ data: { big } });
  expect(filter.holds(evaluation)).toBe(true);
  evaluation.end();
  expect(reachable([table, evaluation]).has(big)).toBe(false);
});
