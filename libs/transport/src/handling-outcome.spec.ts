import { describe, expect, it } from 'vitest';
import { TransportError } from './errors.js';
import { handlingOutcome, SkipRecord, type HandlingOutcome } from './handling-outcome.js';

const databaseError = (code: string) => Object.assign(new Error('from PostgreSQL'), { code, severity: 'ERROR' });
const systemError = (code: string) => Object.assign(new Error(code), { code, syscall: 'connect' });

const rows: readonly (readonly [string, unknown, HandlingOutcome])[] = [
  ['a handler that has nothing to do with the record', new SkipRecord('not ours'), 'ack'],
  ['an error that calls itself retriable', { retriable: true }, 'retry'],
  ['an error that calls itself final', { retriable: false }, 'dead-letter'],
  ['a broker that is away', new TransportError('UNAVAILABLE'), 'retry'],
  ['a full queue', new TransportError('QUEUE_FULL'), 'retry'],
  ['a transport that is closing', new TransportError('CLOSED'), 'retry'],
  ['a record that the broker finds too large', new TransportError('TOO_LARGE'), 'dead-letter'],
  ['a record that cannot be encoded', new TransportError('INVALID_RECORD'), 'dead-letter'],
  ['an account without the right, which is not the fault of the record', new TransportError('FORBIDDEN'), 'retry'],
  ['bad data (22P05, \\u0000 in jsonb)', databaseError('22P05'), 'dead-letter'],
  ['a violated constraint (23514)', databaseError('23514'), 'dead-letter'],
  ['a row too large for an index (54000)', databaseError('54000'), 'dead-letter'],
  ['a lost database connection (08006)', databaseError('08006'), 'retry'],
  ['a deadlock (40P01)', databaseError('40P01'), 'retry'],
  ['a serialisation failure (40001)', databaseError('40001'), 'retry'],
  ['a table that is not migrated yet (42P01)', databaseError('42P01'), 'retry'],
  ['a sequence without further numbers (2200H), which is of class 22', databaseError('2200H'), 'retry'],
  ['text that is longer than V8 bears', systemError('ERR_STRING_TOO_LONG'), 'dead-letter'],
  ['a full disk (53100)', databaseError('53100'), 'retry'],
  ['a database that shuts down (57P01)', databaseError('57P01'), 'retry'],
  ['a statement timeout (57014)', databaseError('57014'), 'retry'],
  ['a lock timeout (55P03)', databaseError('55P03'), 'retry'],
  [
    'bad data inside a wrapper of TypeORM',
    { name: 'QueryFailedError', driverError: databaseError('22003') },
    'dead-letter',
  ],
  ['bad data as a cause', new Error('could not store', { cause: databaseError('23502') }), 'dead-letter'],
  ['a refused connection', systemError('ECONNREFUSED'), 'retry'],
  ['a broken pipe, whose code has five letters like an SQLSTATE', systemError('EPIPE'), 'retry'],
  [
    'a failed fetch, which is a TypeError',
    new TypeError('fetch failed', { cause: systemError('ECONNRESET') }),
    'retry',
  ],
  ['text that is not JSON', new SyntaxError('Unexpected token'), 'dead-letter'],
  ['a field that the code did not expect', new TypeError("reading 'x' of undefined"), 'dead-letter'],
  ['data nested too deeply', new RangeError('Maximum call stack size exceeded'), 'dead-letter'],
  ['an error that nobody thought of', new Error('?'), 'retry'],
  ['no error object at all', 'oops', 'retry'],
  ['nothing', undefined, 'retry'],
];

describe('what becomes of a record whose handling failed', () => {
  it.each(rows)('%s', (_what, error, outcome) => {
    expect(handlingOutcome(error)).toBe(outcome);
  });

  it('ends at a cause that is its own cause', () => {
    const error = new Error('round and round');
    error.cause = error;
    expect(handlingOutcome(error)).toBe('retry');
  });
});
