import { expect, it } from 'vitest';
import { refusalOf } from './refusal.js';

const CONNECTION = { url: 'http://host', token: 'a-secret', tokenOrigin: 'TIDINGS_TOKEN' };
const refusal = (status: number, body: unknown) =>
  refusalOf(status, typeof body === 'string' ? body : JSON.stringify(body), 'GET /x', CONNECTION);

it.each([
  [400, 'usage', 2],
  [401, 'unauthorised', 3],
  [403, 'unauthorised', 3],
  [404, 'notFound', 4],
  [409, 'failed', 1],
  [422, 'failed', 1],
  [500, 'failed', 1],
  [503, 'unreachable', 5],
] as const)('%i ends as %s', (status, exit, code) => {
  expect(refusal(status, {})).toMatchObject({ exit, code, retriable: exit === 'unreachable' });
});

it.each([
  ['a detail', { detail: 'No.', code: 'x' }, 'GET /x: No.', []],
  [
    'a detail with problems',
    {
      detail: 'No.',
      errors: [
        { field: 'data.a', problem: 'is required' },
        { field: '', problem: 'all wrong' },
      ],
    },
    'GET /x: No.',
    ['data.a: is required', 'all wrong'],
  ],
  ['fields', { limit: ['too large', 'odd'] }, 'GET /x: limit: too large', ['limit: odd']],
  ['errors of IBM', { errors: [{ code: 'c', message: 'name: taken' }], trace: 't' }, 'GET /x: name: taken', []],
  ['an error of LXD', { type: 'error', error: 'nope', error_code: 409 }, 'GET /x: nope', []],
  ['near names', { detail: 'Not found.', nearest: ['a', 'b'] }, 'GET /x: Not found.', ['Did you mean a or b?']],
  ['a page of a proxy', `<html>${'x'.repeat(500)}</html>`, 'GET /x: answered 409', []],
  ['a word', 'gone', 'GET /x: gone', []],
  ['nothing', '', 'GET /x: answered 409', []],
])('tells %s', (_what, body, message, advice) => {
  expect(refusal(409, body)).toMatchObject({ message, advice });
});

it('says where a token comes from, never the token', () => {
  for (const status of [401, 403]) {
    const { message, advice } = refusal(status, { detail: 'Invalid token.' });
    expect(advice.join(' ')).toContain('TIDINGS_TOKEN');
    expect(`${message} ${advice.join(' ')}`).not.toContain('a-secret');
  }
});
