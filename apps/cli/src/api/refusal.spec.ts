import { expect, it } from 'vitest';
import { type RefusalContext, refusalOf } from './refusal.js';

const CONNECTION = { url: 'http://host', urlOrigin: '--url', token: 'a-secret', tokenOrigin: 'TIDINGS_TOKEN' };
const refusal = (status: number, body: unknown, context: Partial<RefusalContext> = {}) =>
  refusalOf(status, typeof body === 'string' ? body : JSON.stringify(body), { connection: CONNECTION, ...context });

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
  ['a detail', { detail: 'No.', code: 'x' }, 'No.', []],
  [
    'a detail with problems',
    {
      detail: 'No.',
      errors: [
        { field: 'data.a', problem: 'is required' },
        { field: '', problem: 'all wrong' },
      ],
    },
    'No.',
    ['data.a: is required', 'all wrong'],
  ],
  ['fields', { limit: ['too large', 'odd'] }, 'limit: too large', ['limit: odd']],
  ['errors of IBM', { errors: [{ code: 'c', message: 'name: taken' }], trace: 't' }, 'name: taken', []],
  ['an error of LXD', { type: 'error', error: 'nope', error_code: 409 }, 'nope', []],
  ['near names', { detail: 'Unknown.', nearest: ['a', 'b'] }, 'Unknown.', ['Did you mean a or b?']],
  ['a page of a proxy', `<html>${'x'.repeat(500)}</html>`, 'The server answered 409', []],
  ['a word', 'gone', 'gone', []],
  ['nothing', '', 'The server answered 409', []],
])('shows %s', (_what, body, message, advice) => {
  expect(refusal(409, body)).toMatchObject({ message, advice });
});

it('names the option that was typed in place of the parameter of the API', () => {
  const optionFor = (field: string) => (field === 'system' ? '--system lxdd' : undefined);
  const body = { system: ['must be one of waldur, lxd'], site: ['is too long'] };
  expect(refusal(400, body, { optionFor })).toMatchObject({
    message: '--system lxdd: must be one of waldur, lxd',
    advice: ['site: is too long'],
  });
});

it('names what there is none of, with the nearest names', () => {
  expect(refusal(404, { detail: 'Not found.', nearest: ['ab'] }, { wanted: 'event type a' })).toMatchObject({
    message: 'There is no event type a',
    advice: ['Did you mean ab?'],
  });
});

it('says of a route that is not there that another process may serve it', () => {
  const { message, advice } = refusal(404, { detail: 'Not found.' });
  expect(message).toBe('The server at http://host does not serve this');
  expect(advice.join(' ')).toContain('--url');
});

it('says where a token comes from, never the token', () => {
  for (const status of [401, 403]) {
    const { message, advice } = refusal(status, { detail: 'Invalid token.' });
    expect(advice.join(' ')).toContain('TIDINGS_TOKEN');
    expect(`${message} ${advice.join(' ')}`).not.toContain('a-secret');
  }
});
