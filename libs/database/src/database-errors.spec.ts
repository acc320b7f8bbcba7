import { QueryFailedError } from 'typeorm';
import { describe, expect, test } from 'vitest';
import {
  classifyDatabaseError,
  databaseErrorCode,
  type DatabaseErrorKind,
  isConnectionError,
  isDataError,
} from './database-errors.js';

const withCode = (code: string) => Object.assign(new Error('…'), { code });

describe.each<[DatabaseErrorKind, readonly [string, string][]]>([
  [
    'unavailable',
    [
      ['08006', 'connection failure'],
      ['08P01', 'protocol violation'],
      ['25006', 'read-only transaction'],
      ['53100', 'disk full'],
      ['53300', 'too many connections'],
      ['57P01', 'admin shutdown'],
      ['57P02', 'crash shutdown'],
      ['57P03', 'cannot connect now'],
      ['58030', 'I/O error'],
      ['ECONNREFUSED', 'nobody listens'],
      ['ECONNRESET', 'connection reset'],
      ['EPIPE', 'broken pipe'],
      ['ETIMEDOUT', 'network timeout'],
      ['ENOTFOUND', 'unknown host'],
      ['EAI_AGAIN', 'name server away'],
    ],
  ],
  [
    'contention',
    [
      ['40001', 'serialisation failure'],
      ['40P01', 'deadlock'],
      ['55P03', 'lock not available'],
      ['57014', 'statement timeout'],
    ],
  ],
  [
    'data',
    [
      ['22P02', 'invalid text representation'],
      ['22021', 'character not in repertoire'],
      ['22P05', 'untranslatable character: \\u0000 in jsonb'],
      ['23505', 'unique violation'],
      ['23514', 'check violation, or no partition for the row'],
      ['54000', 'index row too large, tsvector too long'],
    ],
  ],
  [
    'other',
    [
      ['42601', 'syntax error'],
      ['42P01', 'undefined table'],
      ['42501', 'insufficient privilege'],
      ['28P01', 'invalid password'],
      ['3D000', 'unknown database'],
      ['25P02', 'in failed transaction'],
      ['XX000', 'internal error'],
      ['ENOENT', 'a file'],
    ],
  ],
])('%s', (kind, rows) => {
  test.each(rows)('%s: %s', (code) => {
    const error = withCode(code);
    expect(classifyDatabaseError(error)).toBe(kind);
    expect(isConnectionError(error)).toBe(kind === 'unavailable');
    expect(isDataError(error)).toBe(kind === 'data');
    expect(classifyDatabaseError(new QueryFailedError('SELECT 1', [], error))).toBe(kind);
  });
});

test.each([
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Client has encountered a connection error and is not queryable',
])("pg's own error is unavailable: %s", (message) => {
  expect(isConnectionError(new Error(message))).toBe(true);
});

test.each([new TypeError('x is not a function'), 'text', undefined, null, {}])('%s is other', (error) => {
  expect(classifyDatabaseError(error)).toBe('other');
  expect(databaseErrorCode(error)).toBeUndefined();
});
