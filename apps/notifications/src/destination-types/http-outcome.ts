import type { AttemptResult } from './destination-type.js';

const TRANSIENT: ReadonlySet<number> = new Set([404, 408, 409, 429]);

/** What an HTTP status means for the delivery: Knative's table, with 410 as the receiver's wish to be left alone. */
export function outcomeOfStatus(status: number): AttemptResult['outcome'] {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 410) return 'gone';
  if (status >= 500 || TRANSIENT.has(status)) return 'failed';
  // Redirects are never followed: they would lead past what was configured.
  return 'refused';
}

/** For people. */
export function problemOfStatus(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400)
    return 'The receiver redirects, which is not followed; configure the address it moved to.';
  if (status === 410) return 'The receiver says that it is gone and must not be called again.';
  if (status === 429) return 'The receiver asks for fewer requests.';
  return `The receiver answered ${status}.`;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;
const SECONDS_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3_600,
  hour: 3_600,
};
const IN_SECONDS = /^(\d+(?:\.\d+)?)\s*([a-z]*?)s?$/;
/** `Mon, 02 Nov 2026 12:02:00 GMT`, `Monday, 02-Nov-26 12:02:00 GMT`, and the former with other zones. */
const DAY_FIRST =
  /^[a-z]{3,9}, *(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4}|\d{2}) +(\d\d:\d\d(?::\d\d)?) *(gmt|utc?|z|[+-]\d\d:?\d\d)?$/;
/** `Mon Nov  2 12:02:00 2026`, as asctime writes it. */
const MONTH_FIRST = /^[a-z]{3,9} +([a-z]{3}) +(\d{1,2}) +(\d\d:\d\d:\d\d) +(\d{4})$/;
const ISO = /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?$/;

/**
 * What receivers write there: seconds, with a unit or twice over, and every form of date that HTTP has had.
 * @param headers all of the name `Retry-After`; of several values the longest counts
 * @param now milliseconds since the Unix epoch
 * @returns seconds from now; undefined where it is missing or says nothing
 */
export function retryAfterSeconds(headers: readonly string[], now: number): number | undefined {
  const values = headers.flatMap((header) => [header, ...header.split(',')]);
  const seconds = values.flatMap((value) => secondsOf(value.trim().toLowerCase(), now) ?? []);
  // A head has room for more values than a call has for arguments.
  return seconds.reduce<number | undefined>((longest, one) => Math.max(longest ?? 0, one), undefined);
}

function secondsOf(text: string, now: number): number | undefined {
  const [, count, unit = ''] = IN_SECONDS.exec(text) ?? [];
  if (count !== undefined) {
    const factor = SECONDS_PER_UNIT[unit];
    return factor === undefined ? undefined : Number(count) * factor;
  }
  const at = instantOf(text, now);
  return at === undefined || Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000);
}

/** @returns milliseconds since the Unix epoch; times without a zone are UTC, as all of HTTP's are */
function instantOf(text: string, now: number): number | undefined {
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst !== null) {
    const [, day = '', month = '', year = '', time = '', zone = 'z'] = dayFirst;
    return dateOf(fullYear(year, now), month, day, time, zone);
  }
  const monthFirst = MONTH_FIRST.exec(text);
  if (monthFirst !== null) {
    const [, month = '', day = '', time = '', year = ''] = monthFirst;
    return dateOf(year, month, day, time, 'z');
  }
  if (!ISO.test(text)) return undefined;
  const hasZone = /(?:z|[+-]\d\d:?\d\d)$/.test(text.slice(10));
  return Date.parse(
    (hasZone ? text : `${text}z`)
      .replace(' ', 't')
      .replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
      .toUpperCase(),
  );
}

function dateOf(year: string, month: string, day: string, time: string, zone: string): number | undefined {
  const number = MONTHS.findIndex((one) => one === month) + 1;
  if (number === 0) return undefined;
  const offset = /^[+-]/.test(zone) ? zone.replace(/^(...):?(..)$/, '$1:$2') : 'Z';
  return Date.parse(`${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}T${time}${offset}`);
}

/** Two digits mean the year that is no more than fifty years ahead: RFC 9110, 5.6.7. */
function fullYear(year: string, now: number): string {
  if (year.length === 4) return year;
  const present = new Date(now).getUTCFullYear();
  const full = present - (present % 100) + Number(year);
  return String(full > present + 50 ? full - 100 : full);
}
