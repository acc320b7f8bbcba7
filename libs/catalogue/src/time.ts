/**
 * RFC 3339 to microseconds. JavaScript's Date stops at milliseconds and the producers do not, so the calendar part is
 * left to Date and the fraction is read here. Digits beyond the microsecond are cut, not rounded: two events a
 * nanosecond apart must not swap places.
 */
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

// What RFC 3339 can say: the years 0000 to 9999, whatever the zone.
const FIRST_MILLISECOND = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MILLISECOND = Date.parse('9999-12-31T23:59:59.999Z');

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/**
 * @param text an RFC 3339 date-time with any number of fraction digits; a zone is required
 * @returns microseconds since the Unix epoch (negative before it), or undefined when the text is no such time
 */
export function parseTime(text: string): bigint | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = match;
  const isLeapSecond = second === '60';
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${isLeapSecond ? '59' : second}Z`);
  // Date.parse turns 31 April into 1 May; a producer that says so is mistaken, and the event must not move silently.
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day)) return undefined;
  let offset = 0;
  if (sign !== undefined) {
    if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined;
    offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -MINUTE : MINUTE);
  }
  // As POSIX and PostgreSQL count, a leap second is the one after it; there is one at the end of a day only.
  const milliseconds = local - offset + (isLeapSecond ? 1000 : 0);
  if (isLeapSecond && milliseconds % DAY !== 0) return undefined;
  if (milliseconds < FIRST_MILLISECOND || milliseconds > LAST_MILLISECOND) return undefined;
  const micros = fraction === undefined ? 0 : Number(fraction.slice(0, 6).padEnd(6, '0'));
  return BigInt(milliseconds) * 1000n + BigInt(micros);
}

/** Says an instant (microseconds since the Unix epoch) the way the query API does: `2026-11-02T08:01:53.204968Z`. */
export function formatTime(micros: bigint): string {
  const milliseconds = micros >= 0n ? micros / 1000n : (micros - 999n) / 1000n;
  const rest = micros - milliseconds * 1000n;
  return `${new Date(Number(milliseconds)).toISOString().slice(0, -1)}${rest.toString().padStart(3, '0')}Z`;
}

/** The present, as microseconds since the Unix epoch. */
export function nowMicros(): bigint {
  return BigInt(Date.now()) * 1000n;
}
