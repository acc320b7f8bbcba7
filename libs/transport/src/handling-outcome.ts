/** What becomes of a record, or of a batch, whose handling failed. */
export const HANDLING_OUTCOMES = ['ack', 'retry', 'dead-letter'] as const;
export type HandlingOutcome = (typeof HANDLING_OUTCOMES)[number];

/** Thrown by a handler that has nothing to do with a record: it is acknowledged and forgotten. */
export class SkipRecord extends Error {
  override readonly name = 'SkipRecord';
}

/** SQLSTATE classes that say "this row, whenever you try": bad data, a violated constraint, a limit of the row's size. */
const SQLSTATE_OF_THE_ROW = ['22', '23', '54'];

/** Of class 22, but said of the database and not of the row: a sequence has no more numbers. */
const SEQUENCE_EXHAUSTED = '2200H';

/** What JavaScript throws at data that the code did not expect. The same data would meet the same code again. */
const ERRORS_OF_THE_DATA = new Set(['SyntaxError', 'TypeError', 'RangeError', 'URIError']);
/** The same of Node, which does not name it by its class. */
const STRING_TOO_LONG = 'ERR_STRING_TOO_LONG';

/** How far to look through wrappers (TypeORM's, or `cause`) for the error that says what happened. */
const MAX_WRAPPERS = 5;

/**
 * Decides, from the error alone. In doubt it says `retry`: a record that is tried too often is a nuisance, one that is
 * put aside because a cable was loose is damage. Where the error is a whole batch's, `dead-letter` means: at least one
 * record in it is to blame, so divide the batch until it is found.
 */
export function handlingOutcome(error: unknown): HandlingOutcome {
  let current = error;
  for (let depth = 0; depth <= MAX_WRAPPERS && isObject(current); depth += 1) {
    const outcome = outcomeOf(current);
    if (outcome !== undefined) return outcome;
    current = current['driverError'] ?? current['cause'];
  }
  return 'retry';
}

function outcomeOf(error: Readonly<Record<string, unknown>>): HandlingOutcome | undefined {
  const { name, code } = error;
  if (name === 'SkipRecord') return 'ack';
  if (name === 'TransportError') return code === 'TOO_LARGE' || code === 'INVALID_RECORD' ? 'dead-letter' : 'retry';
  if (error['retriable'] === true) return 'retry';
  if (error['retriable'] === false) return 'dead-letter';
  if (code === SEQUENCE_EXHAUSTED) return 'retry';
  if (code === STRING_TOO_LONG) return 'dead-letter';
  if (typeof code === 'string' && code.length === 5 && SQLSTATE_OF_THE_ROW.includes(code.slice(0, 2))) {
    return 'dead-letter';
  }
  // A network error can arrive as a TypeError (fetch does that) with the truth in its cause.
  if (isObject(error['driverError'] ?? error['cause'])) return undefined;
  return ERRORS_OF_THE_DATA.has(String(name)) ? 'dead-letter' : 'retry';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
