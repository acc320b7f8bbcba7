/**
 * What an error of the database means for whoever was working:
 * `unavailable`: it is away, or cannot serve now; wait and do the same again.
 * `contention`: another transaction was in the way; do the same again.
 * `data`: it refuses these very rows; the same again is refused again.
 * `other`: a mistake of ours, or of whoever set it up.
 */
export const DATABASE_ERROR_KINDS = ['unavailable', 'contention', 'data', 'other'] as const;
export type DatabaseErrorKind = (typeof DATABASE_ERROR_KINDS)[number];

/** By SQLSTATE, or by the start of one; the longest match counts. */
const KINDS_BY_SQLSTATE: Readonly<Record<string, DatabaseErrorKind>> = {
  '08': 'unavailable', // connection exception
  '22': 'data', // data exception
  '23': 'data', // integrity constraint violation
  '25006': 'unavailable', // read-only: the connection leads to a standby, as after a failover
  '40': 'contention', // transaction rollback: serialisation, deadlock
  '53': 'unavailable', // insufficient resources: disk, memory, connections
  '54': 'data', // program limit: a tsvector or an index key too large
  '55P03': 'contention', // lock not available in time
  '57': 'unavailable', // operator intervention: shutdown, crash, starting up
  '57014': 'contention', // statement cancelled, for example by its time limit
  '58': 'unavailable', // system error, for example I/O
};

/** Errors of the network and of `pg` itself, which have no SQLSTATE. */
const UNAVAILABLE_CODES: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
];
const UNAVAILABLE_MESSAGES =
  /connection terminated|client has encountered a connection error|timeout exceeded when trying to connect|timeout expired|query read timeout|server closed the connection|connection ended unexpectedly/i;

/**
 * Says what an error means. Looks through TypeORM's wrapper.
 * @param error anything that was thrown by a query or a connection
 */
export function classifyDatabaseError(error: unknown): DatabaseErrorKind {
  const origin = originOf(error);
  if (origin === undefined) return 'other';
  const code = codeOf(origin);
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')) {
    return KINDS_BY_SQLSTATE[code] ?? KINDS_BY_SQLSTATE[code.slice(0, 2)] ?? 'other';
  }
  if (code !== undefined && UNAVAILABLE_CODES.includes(code)) return 'unavailable';
  return UNAVAILABLE_MESSAGES.test(origin.message) ? 'unavailable' : 'other';
}

/** True when the database is away or cannot serve now. */
export function isConnectionError(error: unknown): boolean {
  return classifyDatabaseError(error) === 'unavailable';
}

/** True when the database refuses these very rows (SQLSTATE 22, 23 and 54). */
export function isDataError(error: unknown): boolean {
  return classifyDatabaseError(error) === 'data';
}

/** @returns the SQLSTATE or the network's error code; undefined where there is none */
export function databaseErrorCode(error: unknown): string | undefined {
  const origin = originOf(error);
  return origin === undefined ? undefined : codeOf(origin);
}

function originOf(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'driverError' in error && error.driverError instanceof Error ? error.driverError : error;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
