import { expect, test } from 'vitest';
import { KnownBounds } from './known-bounds.js';

test('what matches too much to be counted is known for a minute', () => {
  let now = 0;
  const known = new KnownBounds(() => now);
  known.add({ owners: [], typeIds: [1] });
  expect(known.has({ owners: [], typeIds: [1] })).toBe(true);
  expect(known.has({ owners: [], typeIds: [2] })).toBe(false);
  now = 60_001;
  expect(known.has({ owners: [], typeIds: [1] })).toBe(false);
});

test('what comes from outside is bounded', () => {
  const known = new KnownBounds();
  known.add({ owners: [] });
  for (let id = 0; id < 2_000; id += 1) known.add({ owners: [], typeIds: [id] });
  expect(known.has({ owners: [] })).toBe(false);
});
