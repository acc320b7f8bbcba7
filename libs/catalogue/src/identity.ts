import { hash } from 'node:crypto';

/**
 * Identity: `source` and `id` name an event. Their hash is the key of the ledger that removes doubles, and together with
 * the event's time it makes the uuid under which the store and the query API know the event.
 */

/** Separates source and id in what is hashed; neither may contain it (CloudEvents forbids control characters). */
const SEPARATOR = '\u0000';

/** @returns the identity's 128-bit key as 32 hex digits */
export function identityKey(source: string, id: string): string {
  return digestHex(source + SEPARATOR + id).slice(0, 32);
}

/** Shifts times before 1970 into the unsigned range; 60 bits of microseconds reach over ±18,000 years. */
const TIME_BIAS = 1n << 59n;

/**
 * The event's uuid: version 8, whose first 60 free bits are the event's time in microseconds and whose last 62 are of
 * the identity's hash. So uuids sort by time, and one index serves look-up, time ranges and cursors.
 * @param micros the event's time, microseconds since the Unix epoch
 * @param key what `identityKey` gave
 * @returns 32 hex digits
 */
export function eventUuid(micros: bigint, key: string): string {
  const time = (micros + TIME_BIAS).toString(16).padStart(15, '0');
  const variant = VARIANT_DIGITS[Number.parseInt(key.charAt(0), 16)] ?? '8';
  return `${time.slice(0, 12)}8${time.slice(12)}${variant}${key.slice(1, 16)}`;
}

/** The two high bits of this digit are the variant, `10`. */
const VARIANT_DIGITS = Array.from({ length: 16 }, (_, digit) => ((digit & 0b0011) | 0b1000).toString(16));

/** The smallest uuid an event of that time may have: the bound of a time range. @returns 32 hex digits */
export function firstUuidAt(micros: bigint): string {
  const time = (micros + TIME_BIAS).toString(16).padStart(15, '0');
  return `${time.slice(0, 12)}8${time.slice(12)}0000000000000000`;
}

/** The time in an event's uuid, microseconds since the Unix epoch. @param uuid 32 hex digits */
export function timeOfUuid(uuid: string): bigint {
  return BigInt(`0x${uuid.slice(0, 12)}${uuid.slice(13, 16)}`) - TIME_BIAS;
}

/** 32 hex digits as PostgreSQL and RFC 9562 print a uuid, with hyphens. */
export function hyphenated(uuid: string): string {
  return `${uuid.slice(0, 8)}-${uuid.slice(8, 12)}-${uuid.slice(12, 16)}-${uuid.slice(16, 20)}-${uuid.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** @returns the uuid as 32 lower-case hex digits, or undefined when the text is neither 32 hex digits nor hyphenated */
export function parseUuid(text: string): string | undefined {
  return UUID.test(text) ? text.replaceAll('-', '').toLowerCase() : undefined;
}

/** An id for an event whose producer gives none, derived from what it says; 32 hex digits. */
export function contentId(canonical: string): string {
  return digestHex(canonical).slice(0, 32);
}

/** The keys of scopes that come often, by system and value; bounded, since the values come from outside. */
const knownKeys = new Map<string, Map<string, string>>();
const MAX_KNOWN_KEYS = 20_000;

/**
 * A scope's value as the store keeps it: 128 bits of a hash. One narrow column so serves the uuids of one system and the
 * names of another, and a name that two systems use means two things. Both spellings of a uuid are one value.
 * @returns 32 hex digits
 */
export function scopeKey(system: string, value: string): string {
  let keys = knownKeys.get(system);
  if (keys === undefined || keys.size >= MAX_KNOWN_KEYS) knownKeys.set(system, (keys = new Map<string, string>()));
  let key = keys.get(value);
  if (key === undefined) {
    key = digestHex(system + SEPARATOR + (parseUuid(value) ?? value)).slice(0, 32);
    keys.set(value, key);
  }
  return key;
}

// crypto.hash does the work of createHash in one call at a third of the cost; Node has it since 20.12.
function digestHex(text: string): string {
  return hash('sha256', text, 'hex');
}
