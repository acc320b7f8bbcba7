const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

// What RFC 3339 can say: the years 0000 to 9999, whatever the zone.
const FIRST_MILLISECOND = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MILLISECOND = Date.parse('9999-12-31T23:59:59.999Z');
/** From 1 March of the year 0, where years of 366 days begin to be counted from, to 1970. */
const DAYS_TO_1970 = 719_468;

/** Where the fraction or the zone begins. */
const SECONDS_END = 19;
/** Of a fraction that a microsecond takes. */
const FRACTION_DIGITS = 6;

const DIGIT_0 = 0x30;
const DOT = 0x2e;
const COLON = 0x3a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const SPACE = 0x20;
const LETTER_T = 0x74;
const LETTER_Z = 0x7a;
/** Makes a letter a small one. */
const SMALL = 0x20;

/**
 * RFC 3339 to microseconds. JavaScript's Date stops at milliseconds and the producers do not. Digits beyond the
 * microsecond are cut, not rounded: two events a nanosecond apart must not swap places. It is read letter by letter,
 * since tens of thousands of events a second are: a regular expression and a Date take four times as long.
 * @param text an RFC 3339 date-time with any number of fraction digits; a zone is required
 * @returns microseconds since the Unix epoch (negative before it), or undefined when the text is no such time
 */
export function parseTime(text: string): bigint | undefined {
  const days = daysOf(text);
  const seconds = secondsOf(text);
  const fractionEnd = text.charCodeAt(SECONDS_END) === DOT ? digitsEnd(text, SECONDS_END + 1) : SECONDS_END;
  const offset = zoneMinutes(text, fractionEnd);
  if (days === undefined || seconds === undefined || offset === undefined || fractionEnd === SECONDS_END + 1) {
    return undefined;
  }
  const milliseconds = days * DAY + seconds * 1000 - offset * MINUTE;
  // As POSIX and PostgreSQL count, a leap second is the one after it; there is one at the end of a day only.
  if (digits(text, SECONDS_END - 2, 2) === 60 && milliseconds % DAY !== 0) return undefined;
  if (milliseconds < FIRST_MILLISECOND || milliseconds > LAST_MILLISECOND) return undefined;
  const micros = fractionEnd === SECONDS_END ? 0 : microsOf(text, fractionEnd);
  const both = milliseconds * 1000 + micros;
  // Until the year 2255.
  return Number.isSafeInteger(both) ? BigInt(both) : BigInt(milliseconds) * 1000n + BigInt(micros);
}

/** The date's days since the Unix epoch. @returns undefined where there is no such day, such as 31 April */
function daysOf(text: string): number | undefined {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  if (year < 0 || text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS) return undefined;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && isLeap ? 29 : (DAYS_OF_MONTHS[month - 1] ?? 0);
  if (day < 1 || day > last) return undefined;
  // Years that begin with March have their leap day at the end.
  const years = month > 2 ? year : year - 1;
  const daysOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + daysOfYear - DAYS_TO_1970;
}

/** Of the day. */
function secondsOf(text: string): number | undefined {
  const separator = text.charCodeAt(10);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if ((separator | SMALL) !== LETTER_T && separator !== SPACE) return undefined;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return undefined;
  return hour * 3600 + minute * 60 + second;
}

/** @param from where the zone begins, which ends the text */
function zoneMinutes(text: string, from: number): number | undefined {
  const sign = text.charCodeAt(from);
  if ((sign | SMALL) === LETTER_Z) return text.length === from + 1 ? 0 : undefined;
  const hours = digits(text, from + 1, 2);
  const minutes = digits(text, from + 4, 2);
  if ((sign !== PLUS && sign !== MINUS) || text.charCodeAt(from + 3) !== COLON || text.length !== from + 6) {
    return undefined;
  }
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  return (hours * 60 + minutes) * (sign === MINUS ? -1 : 1);
}

function microsOf(text: string, fractionEnd: number): number {
  const count = Math.min(FRACTION_DIGITS, fractionEnd - SECONDS_END - 1);
  return digits(text, SECONDS_END + 1, count) * 10 ** (FRACTION_DIGITS - count);
}

/** @returns negative where one of the characters is no digit */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    if (!isDigit(text, at)) return -1;
    value = value * 10 + text.charCodeAt(at) - DIGIT_0;
  }
  return value;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text, at)) at += 1;
  return at;
}

function isDigit(text: string, at: number): boolean {
  const digit = text.charCodeAt(at) - DIGIT_0;
  return digit >= 0 && digit <= 9;
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
