import { ARRIVAL_TIME_EXTENSION, type Problem } from './envelope.js';
import { LosslessNumber } from 'lossless-json';
import { formatTime, nowMicros, parseTime } from './time.js';

/** When a native event happened, as far as its system says it. */
export interface NativeTime {
  /** RFC 3339, in the system's own precision. */
  readonly time: string;
  /** What was made of a time that is not RFC 3339. */
  readonly note?: Problem;
  /** Marks the time of arrival. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** How systems and their libraries write times beside RFC 3339; a blank for the plus is what a form makes of it. */
const LENIENT =
  /^(\d{4}-\d\d-\d\d)(?:[Tt _](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,30}))?\s*(?:(?:([-+ ])(\d\d):?(\d\d)?)?\s?(?:Z|z|UTC|GMT)?))?$/;
const DECIMAL = /^(\d{1,20})(?:\.(\d{1,20}))?$/;

/** Go's time that was never set: 0001-01-01T00:00:00Z. */
const ZERO_TIME = parseTime('0001-01-01T00:00:00Z') ?? 0n;

/** Seconds since 1970 have up to this many digits until the year 5138; three more are milliseconds, and so on. */
const DIGITS_OF_SECONDS = 11;

/**
 * Reads the time of a native event. Its system will not send it again, so a time that is not RFC 3339 is read as it was
 * most likely meant, and noted: without a zone it is UTC, a number counts from 1970, and one that was never set is the
 * time of arrival.
 * @param field where it stands, for the note
 * @param arrival microseconds since the Unix epoch
 * @returns undefined where it says no time
 */
export function readNativeTime(value: unknown, field: string, arrival = nowMicros()): NativeTime | undefined {
  const said = value instanceof LosslessNumber ? value.value : value;
  const micros = typeof said === 'string' ? parseTime(said) : undefined;
  if (micros !== undefined) return micros > ZERO_TIME ? { time: said as string } : arrivalTime(field, arrival, UNSET);
  const { time, note } = typeof said === 'string' ? (lenient(said.trim()) ?? numeric(said.trim())) : numeric(said);
  if (time === undefined) return undefined;
  const meant = parseTime(time);
  if (meant === undefined) return undefined;
  return meant > ZERO_TIME && meant !== 0n
    ? { time, note: { field, problem: note } }
    : arrivalTime(field, arrival, UNSET);
}

/** The time of an event that brings none. */
export function arrivalTime(field: string, arrival = nowMicros(), problem = MISSING): NativeTime {
  return {
    time: formatTime(arrival),
    note: { field, problem },
    extensions: { [ARRIVAL_TIME_EXTENSION]: 'true' },
  };
}

const MISSING = 'is missing; the time of arrival was taken';
const UNSET = 'was never set; the time of arrival was taken';

interface Read {
  readonly time: string | undefined;
  readonly note: string;
}

const UNREADABLE: Read = { time: undefined, note: '' };

function lenient(text: string): Read | undefined {
  const match = LENIENT.exec(text);
  if (match === null) return undefined;
  const [, date = '', minutes = '00:00', seconds = ':00', fraction, sign, hours, zoneMinutes = '00'] = match;
  const zone = sign === undefined ? 'Z' : `${sign === ' ' ? '+' : sign}${hours}:${zoneMinutes}`;
  const time = `${date}T${minutes}${seconds}${fraction === undefined ? '' : `.${fraction}`}${zone}`;
  const saysZone = sign !== undefined || /(?:Z|z|UTC|GMT)$/.test(text);
  return { time, note: saysZone ? 'is not RFC 3339; it was read all the same' : 'has no zone; UTC was assumed' };
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, by their digits. */
function numeric(value: unknown): Read {
  const text = typeof value === 'number' && Number.isFinite(value) ? plainDigits(value) : value;
  const [, whole = '', fraction = ''] = (typeof text === 'string' ? DECIMAL.exec(text) : undefined) ?? [];
  if (whole === '') return UNREADABLE;
  const digits = whole.replace(/^0+/, '').length;
  const finer = digits <= DIGITS_OF_SECONDS ? 0 : Math.ceil((digits - DIGITS_OF_SECONDS) / 3);
  if (finer > UNITS.length - 1) return UNREADABLE;
  // A fraction of what is finer than a second is below a microsecond, or nearly.
  const scaled = BigInt(whole + fraction.slice(0, 6).padEnd(6, '0')) / 1_000n ** BigInt(finer);
  return { time: inYears(scaled), note: `is a number; it was read as ${UNITS[finer] ?? ''} since 1970` };
}

const UNITS = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'] as const;

function plainDigits(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

const LAST_MICROS = 253_402_300_799_999_999n;

function inYears(micros: bigint): string | undefined {
  return micros > LAST_MICROS ? undefined : formatTime(micros);
}
