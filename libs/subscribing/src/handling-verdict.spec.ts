import { SkipRecord, TransportError } from '@tidings/transport';
import { describe, expect, it } from 'vitest';
import { NotNow, verdictOf } from './handling-verdict.js';
import { NonConformingEvent } from './subscribing-error.js';

const SCHEDULE = [100, 1_000];
/** In the middle, so that nothing is added and nothing taken away. */
const RANDOM = 0.5;

describe('what becomes of an event after a failed attempt', () => {
  it.each([
    ['any error, the first time', new Error('x'), 1, 0, { kind: 'retry', afterMs: 100 }],
    ['any error, the second time', new Error('x'), 2, 0, { kind: 'retry', afterMs: 1_000 }],
    ['any error, when the schedule is used up', new Error('x'), 3, 0, { kind: 'dead-letter' }],
    ['what is no error', 'a text', 1, 0, { kind: 'retry', afterMs: 100 }],
    ['one that says it may be tried again', new TransportError('UNAVAILABLE'), 1, 0, { kind: 'retry', afterMs: 100 }],
    ['the same, when the schedule is used up', new TransportError('UNAVAILABLE'), 3, 0, { kind: 'dead-letter' }],
    ['one that says it may not', { retriable: false }, 1, 0, { kind: 'dead-letter' }],
    ['data that the code did not expect', new TypeError('x'), 1, 0, { kind: 'dead-letter' }],
    ['data that does not fit its type', new NonConformingEvent('t', []), 1, 0, { kind: 'dead-letter' }],
    ['a row that the database refuses', { driverError: { code: '23505' } }, 1, 0, { kind: 'dead-letter' }],
    ['nothing to do with it', new SkipRecord(), 1, 0, { kind: 'done' }],
    ['not now', new NotNow('away'), 1, 0, { kind: 'hold', afterMs: 500 }],
    ['not now, again', new NotNow('away'), 1, 1, { kind: 'hold', afterMs: 1_000 }],
    ['not now, after the schedule', new NotNow('away'), 9, 30, { kind: 'hold', afterMs: 10_000 }],
  ] as const)('%s', (_what, error, failures, holds, expected) => {
    expect(verdictOf(error, failures, holds, SCHEDULE, RANDOM)).toEqual(expected);
  });

  it('spreads the pauses by a fifth, both ways', () => {
    const pauses = [0, 1].map((random) => verdictOf(new Error('x'), 1, 0, SCHEDULE, random));
    expect(pauses).toEqual([
      { kind: 'retry', afterMs: 80 },
      { kind: 'retry', afterMs: 120 },
    ]);
  });
});
