import { describe, expect, it } from 'vitest';
import { histogramWindow } from './histogram-window.js';

const NOW = Date.parse('2026-11-21T14:30:00Z');
const micros = (time: string): bigint => BigInt(Date.parse(time)) * 1000n;
const shown = (...of: Parameters<typeof histogramWindow>): string[] => {
  const { starts, end } = histogramWindow(...of);
  return [starts[0], starts.at(-1), end].map((time) => new Date(time ?? Number.NaN).toISOString().slice(0, 16));
};

describe('the buckets of a histogram', () => {
  it.each([
    ['hour', '2026-11-19T15:00', '2026-11-21T14:00', '2026-11-21T15:00'],
    ['day', '2026-08-24T00:00', '2026-11-21T00:00', '2026-11-22T00:00'],
    ['week', '2025-11-24T00:00', '2026-11-16T00:00', '2026-11-23T00:00'],
    ['month', '2024-12-01T00:00', '2026-11-01T00:00', '2026-12-01T00:00'],
  ] as const)('end with the present %s where no time is asked for', (interval, first, last, end) => {
    expect(shown(interval, {}, NOW)).toEqual([first, last, end]);
  });

  it.each([
    ['hour', '2026-10-01T10:00', '2026-10-03T09:00', '2026-10-03T10:00'],
    ['day', '2026-10-01T00:00', '2026-10-03T00:00', '2026-10-04T00:00'],
    ['week', '2026-09-28T00:00', '2026-09-28T00:00', '2026-10-05T00:00'],
    ['month', '2026-10-01T00:00', '2026-10-01T00:00', '2026-11-01T00:00'],
  ] as const)('of one %s are whole', (interval, first, last, end) => {
    const asked = { from: micros('2026-10-01T10:20:30Z'), to: micros('2026-10-03T09:00:00.001Z') };
    expect(shown(interval, asked, NOW)).toEqual([first, last, end]);
  });

  it('do not reach into one that begins where the time ends', () => {
    expect(shown('day', { from: micros('2026-10-01T00:00:00Z'), to: micros('2026-10-02T00:00:00Z') }, NOW)[2]).toBe(
      '2026-10-02T00:00',
    );
  });

  it('are none where the time ends before it begins', () => {
    const asked = { from: micros('2026-10-05T00:00:00Z'), to: micros('2026-10-01T00:00:00Z') };
    expect(histogramWindow('day', asked, NOW).starts).toEqual([]);
  });

  it.each([-(1n << 62n), 0n])('are bounded: too many are refused', (from) => {
    expect(() => histogramWindow('hour', { from }, NOW)).toThrow();
  });
});
