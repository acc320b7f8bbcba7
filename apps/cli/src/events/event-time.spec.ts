import { expect, it } from 'vitest';
import { parseMoment } from './event-time.js';

const NOW = Date.parse('2026-11-02T12:00:00Z');
const seconds = (time: string): string => String(Date.parse(time) / 1_000);

it.each([
  ['90s', '2026-11-02T11:58:30Z'],
  ['15m', '2026-11-02T11:45:00Z'],
  ['2h', '2026-11-02T10:00:00Z'],
  ['7d', '2026-10-26T12:00:00Z'],
  ['1w', '2026-10-26T12:00:00Z'],
  ['2026-11-02', '2026-11-02T00:00:00Z'],
  ['2026-11-02T08:00:00Z', '2026-11-02T08:00:00Z'],
  ['2026-11-02 08:00:00+02:00', '2026-11-02T06:00:00Z'],
])('%s is %s', (text, time) => {
  expect(parseMoment(text, NOW)).toBe(seconds(time));
});

it('leaves Unix seconds as they are', () => {
  expect(['0', '1793606400', '1793606400.25'].map((text) => parseMoment(text, NOW))).toEqual([
    '0',
    '1793606400',
    '1793606400.25',
  ]);
});

it.each(['', 'yesterday', '2 h', '-1h', '2026-13-01', '02.11.2026', '1e9', '1h30m'])('refuses "%s"', (text) => {
  expect(() => parseMoment(text, NOW)).toThrow('Write 2h (ago)');
});
