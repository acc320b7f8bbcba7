import { describe, expect, it } from 'vitest';
import { chunkPlan, type SearchChunk, sortedChunks } from './search-chunks.js';

const chunk = (from: string, to: string, rows: number, isValid = true): SearchChunk => ({
  name: `${from}${to}`,
  from,
  to,
  rows,
  isValid,
});

describe('the search indexes of a month that is written to', () => {
  it('begin with the whole of it', () => {
    expect(chunkPlan([], 'a', { rows: 10, to: 'c' }, 10)).toEqual({
      drop: [],
      make: { from: 'a', to: 'c', rows: 10, replaces: [] },
    });
  });

  it('leave a short tail alone', () => {
    expect(chunkPlan([chunk('a', 'c', 10)], 'a', { rows: 9, to: 'd' }, 10)).toEqual({ drop: [] });
    expect(chunkPlan([], 'a', { rows: 0, to: 'a' }, 0)).toEqual({ drop: [] });
  });

  it('take in those that are no larger, and leave the larger ones', () => {
    const chunks = [chunk('a', 'c', 100), chunk('c', 'd', 20), chunk('d', 'e', 10)];
    expect(chunkPlan(chunks, 'a', { rows: 10, to: 'f' }, 10).make).toEqual({
      from: 'c',
      to: 'f',
      rows: 40,
      replaces: ['de', 'cd'],
    });
  });

  it('stay few, and index each row seldom', () => {
    let chunks: SearchChunk[] = [];
    let indexed = 0;
    for (let round = 1; round <= 1_000; round += 1) {
      const { make } = chunkPlan(chunks, '0000', { rows: 5, to: String(round).padStart(4, '0') }, 5);
      if (make === undefined) throw new Error('nothing is made');
      indexed += make.rows;
      chunks = [...chunks.filter(({ name }) => !make.replaces.includes(name)), chunk(make.from, make.to, make.rows)];
      expect(chunks.length).toBeLessThanOrEqual(10);
    }
    expect(chunks.reduce((sum, { rows }) => sum + rows, 0)).toBe(5_000);
    expect(indexed / 5_000).toBeLessThan(11);
  });

  it('are dropped where they are broken off or merged into another', () => {
    const chunks = [chunk('c', 'd', 5), chunk('a', 'd', 20), chunk('d', 'e', 5, false), chunk('a', 'c', 15)];
    expect(sortedChunks(chunks).whole.map(({ name }) => name)).toEqual(['ad']);
    expect(chunkPlan(chunks, 'a', { rows: 0, to: 'd' }, 10).drop).toEqual(['ac', 'cd', 'de']);
  });
});
