import { describe, expect, it } from 'vitest';
import { dividedBy, segmentsOf } from './search-segments.js';
import { rangeIn } from './search-segment.repository.js';

describe('the stretches that a search goes through', () => {
  it('are everything where there is no index', () => {
    expect(segmentsOf([])).toEqual([{}]);
  });

  it('are the indexed ones and what lies between them, the newest first', () => {
    expect(
      segmentsOf([
        { from: '2', to: '3' },
        { from: '5', to: '6' },
        { from: '3', to: '4' },
      ]),
    ).toEqual([
      { from: '6' },
      { from: '5', to: '6' },
      { from: '4', to: '5' },
      { from: '3', to: '4' },
      { from: '2', to: '3' },
      { to: '2' },
    ]);
  });

  it('leave out an index that was merged into another, and never overlap', () => {
    expect(
      segmentsOf([
        { from: '2', to: '3' },
        { from: '1', to: '4' },
        { from: '1', to: '2' },
        { from: '3', to: '5' },
      ]),
    ).toEqual([{ from: '4' }, { from: '1', to: '4' }, { to: '1' }]);
  });

  it('narrow the criteria, in the order in which events are looked at', () => {
    const segments = segmentsOf([{ from: '4', to: '6' }]);
    const criteria = { owners: [], firstId: '3', endId: '8' };
    expect(dividedBy(segments, criteria, 'newest-first')).toEqual([
      { owners: [], firstId: '6', endId: '8' },
      { owners: [], firstId: '4', endId: '6' },
      { owners: [], firstId: '3', endId: '4' },
    ]);
    expect(dividedBy(segments, criteria, 'oldest-first', '5')).toEqual([
      { owners: [], firstId: '4', endId: '6' },
      { owners: [], firstId: '6', endId: '8' },
    ]);
    expect(dividedBy(segments, criteria, 'newest-first', '4')).toEqual([{ owners: [], firstId: '3', endId: '4' }]);
    expect(dividedBy(segments, { owners: [], endId: '2' }, 'newest-first')).toEqual([{ owners: [], endId: '2' }]);
    expect(dividedBy(segments, { owners: [], firstId: '5', endId: '5' }, 'newest-first')).toEqual([]);
  });
});

it('reads the bounds as PostgreSQL shows them', () => {
  const [one, other] = ['8065ff6a-7808-8050-9b26-9324ddefc45e', '80660c6d-c5c0-8850-9b7d-f967d7403ba0'];
  const range = { from: one.replaceAll('-', ''), to: other.replaceAll('-', '') };
  expect(rangeIn(`((id >= '${one}'::uuid) AND (id < '${other}'::uuid))`)).toEqual(range);
  expect(rangeIn(`FOR VALUES FROM ('${one}') TO ('${other}')`)).toEqual(range);
  expect(rangeIn('DEFAULT')).toBeUndefined();
});
