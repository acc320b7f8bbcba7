import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.js';
import { readNativeTime } from './native-time.js';
import { formatTime, parseTime } from './time.js';

const ARRIVAL = 1_793_620_800_123_456n;

describe('readNativeTime', () => {
  it('keeps an RFC 3339 time as it came', () => {
    for (const time of ['2026-11-02T08:01:53.204968123Z', '2026-11-02 08:01:53+02:00', '2026-11-02t08:01:53z']) {
      expect(readNativeTime(time, 'created', ARRIVAL)).toEqual({ time });
    }
  });

  it.each([
    ['2026-11-02T08:01:53.204968', '2026-11-02T08:01:53.204968Z', 'has no zone'],
    ['2026-11-02 08:01:53', '2026-11-02T08:01:53Z', 'has no zone'],
    ['2026-11-02T08:01', '2026-11-02T08:01:00Z', 'has no zone'],
    ['2026-11-02', '2026-11-02T00:00:00Z', 'has no zone'],
    [' 2026-11-02T08:01:53Z\n', '2026-11-02T08:01:53Z', 'is not RFC 3339'],
    ['2026-11-02T08:01:53.204968+00:00Z', '2026-11-02T08:01:53.204968+00:00', 'is not RFC 3339'],
    ['2026-11-02T08:01:53+0200', '2026-11-02T08:01:53+02:00', 'is not RFC 3339'],
    ['2026-11-02T08:01:53-05', '2026-11-02T08:01:53-05:00', 'is not RFC 3339'],
    // What a form makes of a plus that was not escaped.
    ['2026-11-02T08:01:53.204968 02:00', '2026-11-02T08:01:53.204968+02:00', 'is not RFC 3339'],
    ['2026-11-02 08:01:53,5 +0000 UTC', '2026-11-02T08:01:53.5+00:00', 'is not RFC 3339'],
    ['2026-11-02T08:01:53 GMT', '2026-11-02T08:01:53Z', 'is not RFC 3339'],
  ])('reads %j as %s, and says so', (said, time, problem) => {
    const read = readNativeTime(said, 'created', ARRIVAL);
    expect(read).toMatchObject({ time, note: { field: 'created' } });
    expect(read?.note?.problem).toContain(problem);
  });

  it.each([
    ['1793620800', '2026-11-02T12:00:00.000000Z', 'seconds'],
    ['1793620800.25', '2026-11-02T12:00:00.250000Z', 'seconds'],
    ['1793620800123', '2026-11-02T12:00:00.123000Z', 'milliseconds'],
    ['1793620800123.5', '2026-11-02T12:00:00.123500Z', 'milliseconds'],
    ['1793620800123456', '2026-11-02T12:00:00.123456Z', 'microseconds'],
    ['1793620800123456789', '2026-11-02T12:00:00.123456Z', 'nanoseconds'],
  ])('reads the number %s as %s, whether it is a number or the text of one', (said, time, unit) => {
    for (const value of [parseJson(said).exact, said]) {
      expect(readNativeTime(value, 'timestamp', ARRIVAL)).toEqual({
        time,
        note: { field: 'timestamp', problem: `is a number; it was read as ${unit} since 1970` },
      });
    }
  });

  it.each(['0001-01-01T00:00:00Z', '0001-01-01T01:00:00+01:00', '0001-01-01T00:00:00', '0000-06-01T00:00:00Z', 0, '0'])(
    'takes the time of arrival for %j, which was never set',
    (said) => {
      expect(readNativeTime(said, 'timestamp', ARRIVAL)).toEqual({
        time: formatTime(ARRIVAL),
        note: { field: 'timestamp', problem: 'was never set; the time of arrival was taken' },
        extensions: { timeofarrival: 'true' },
      });
    },
  );

  it.each([
    undefined,
    null,
    '',
    'now',
    '2026-13-01',
    '2026-02-30T00:00:00',
    '24:00',
    -5,
    NaN,
    {},
    [],
    true,
    '9'.repeat(25),
  ])('finds no time in %j', (said) => {
    expect(readNativeTime(said, 'timestamp', ARRIVAL)).toBeUndefined();
  });

  it('gives a time that can be kept, or none, whatever was said', () => {
    const digits = fc.stringMatching(/^[-0-9T:.,+Z GMUTC]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), digits, fc.double(), fc.bigInt().map(Number), fc.anything()), (said) => {
        const read = readNativeTime(said, 'timestamp', ARRIVAL);
        if (read !== undefined) expect(parseTime(read.time)).toBeDefined();
      }),
    );
  });
});
