import { expect, it } from 'vitest';
import { chipsOf, parametersOf, queryText, readEventSearch, withFilter, withoutFilter } from './event-search.js';

const NOW = Date.UTC(2026, 10, 30, 12);

it('asks the API under its own names, with times as it takes them', () => {
  const search = readEventSearch({ system: 'lxd', type: ['a', 'b'], from: 'now-1h', to: '', nonsense: 7 });
  expect(search).toEqual({ system: 'lxd', type: ['a', 'b'], from: 'now-1h' });
  const parameters = parametersOf(search, NOW);
  expect(parameters).toEqual({ system: 'lxd', type: ['a', 'b'], created_from: String(NOW / 1_000 - 3_600) });
  expect(queryText(parameters)).toBe(`system=lxd&type=a&type=b&created_from=${NOW / 1_000 - 3_600}`);
});

it('leaves out a time that nobody can read', () => {
  expect(parametersOf({ from: 'long ago' }, NOW)).toEqual({});
});

it('shows as chips what has no field of its own, and takes them away one by one', () => {
  const search = withFilter(withFilter({ q: 'web', type: 'a' }, { name: 'type', value: 'b' }), {
    name: 'type',
    value: 'b',
  });
  expect(chipsOf(search)).toEqual([
    { name: 'type', value: 'a' },
    { name: 'type', value: 'b' },
  ]);
  expect(withoutFilter(search, { name: 'type', value: 'a' })).toEqual({ q: 'web', type: 'b' });
  expect(withoutFilter({ type: 'a' }, { name: 'type', value: 'a' })).toEqual({});
});
