import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime, nowMicros, parseTime } from './time.js';

const FIRST = BigInt(Date.parse('0000-01-01T00:00:00Z')) * 1000n;
const LAST = BigInt(Date.parse('9999-12-31T23:59:59.999Z')) * 1000n + 999n;

describe('parseTime', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['1970-01-01T00:00:00.000001Z', 1n],
    ['1969-12-31T23:59:59.999999Z', -1n],
    ['2026-11-02T08:01:53.204968Z', 1793606513204968n],
    ['2026-11-02t08:01:53.204968z', 1793606513204968n],
    ['2026-11-02 08:01:53.204968Z', 1793606513204968n],
    ['2026-11-02T10:01:53.204968+02:00', 1793606513204968n],
    ['2026-11-02T02:31:53.204968-05:30', 1793606513204968n],
    ['2026-11-02T08:01:53.2Z', 1793606513200000n],
    ['0000-01-01T00:00:00Z', FIRST],
    ['9999-12-31T23:59:59.999999999Z', LAST],
  ])('reads %s', (text, micros) => {
    expect(parseTime(text)).toBe(micros);
  });

  it('cuts what is finer than a microsecond instead of rounding it', () => {
    expect(parseTime('2026-11-02T10:42:03.737616999Z')).toBe(parseTime('2026-11-02T10:42:03.737616Z'));
    expect(parseTime(`2026-11-02T10:42:03.${'9'.repeat(10_000)}Z`)).toBe(parseTime('2026-11-02T10:42:03.999999Z'));
  });

  it('keeps two events a nanosecond apart in order', () => {
    const nanosecond = fc.integer({ min: 0, max: 999_999_998 });
    fc.assert(
      fc.property(nanosecond, (nanos) => {
        const at = (value: number) => parseTime(`2026-11-02T10:42:03.${String(value).padStart(9, '0')}Z`) ?? -1n;
        return at(nanos) <= at(nanos + 1);
      }),
    );
  });

  it('knows leap days and no other 29 February', () => {
    expect(parseTime('2024-02-29T00:00:00Z')).toBeDefined();
    expect(parseTime('2000-02-29T00:00:00Z')).toBeDefined();
    expect(parseTime('2023-02-29T00:00:00Z')).toBeUndefined();
    expect(parseTime('1900-02-29T00:00:00Z')).toBeUndefined();
  });

  it('takes a leap second at the end of a UTC day for the second after it', () => {
    const next = parseTime('2017-01-01T00:00:00Z');
    expect(parseTime('2016-12-31T23:59:60Z')).toBe(next);
    expect(parseTime('2017-01-01T00:59:60+01:00')).toBe(next);
    expect(parseTime('2016-12-31T12:34:60Z')).toBeUndefined();
  });

  it.each([
    '',
    'yesterday',
    '2026-11-02',
    '2026-11-02T08:01:53',
    '2026-11-02T08:01Z',
    '2026-11-02T08:01:53.Z',
    '2026-11-02T24:00:00Z',
    '2026-11-02T08:60:00Z',
    '2026-11-02T08:01:61Z',
    '2026-13-02T08:01:53Z',
    '2026-00-02T08:01:53Z',
    '2026-04-31T08:01:53Z',
    '2026-04-00T08:01:53Z',
    '2026-11-02T08:01:53+24:00',
    '2026-11-02T08:01:53+01:60',
    '2026-11-02T08:01:53+0100',
    '12026-11-02T08:01:53Z',
    '-2026-11-02T08:01:53Z',
    '+002026-11-02T08:01:53Z',
    ' 2026-11-02T08:01:53Z',
    '2026-11-02T08:01:53Z\n',
    '２０２６-11-02T08:01:53Z',
    // Their zones push them out of the years that RFC 3339 can say.
    '0000-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
  ])('refuses %j', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});

describe('formatTime', () => {
  it('says what parseTime read, over all the years that RFC 3339 can say', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: FIRST, max: LAST }), (micros) => {
        const said = formatTime(micros);
        expect(said).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
        expect(parseTime(said)).toBe(micros);
      }),
    );
  });

  it('orders as text as it does in time', () => {
    const micros = fc.bigInt({ min: FIRST, max: LAST });
    fc.assert(fc.property(micros, micros, (a, b) => a < b === formatTime(a) < formatTime(b)));
  });
});

it('says the present in microseconds', () => {
  const before = BigInt(Date.now()) * 1000n;
  expect(nowMicros()).toBeGreaterThanOrEqual(before);
  expect(nowMicros()).toBeLessThanOrEqual(BigInt(Date.now() + 1) * 1000n);
});
