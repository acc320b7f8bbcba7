import { isDomainError } from '@tidings/runtime';
import { lastValueFrom, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { DatabaseAvailability } from './database-availability.interceptor.js';

const interceptor = new DatabaseAvailability();

async function failureOf(error: unknown): Promise<unknown> {
  const answer = interceptor.intercept({} as never, { handle: () => throwError(() => error) });
  return lastValueFrom(answer).then(
    () => undefined,
    (failure: unknown) => failure,
  );
}

describe('a route that fails', () => {
  it('because the database is away is told as that, and as worth trying again', async () => {
    const failure = await failureOf(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
    if (!isDomainError(failure)) throw new Error('it is not told');
    expect(failure.code).toBe('database_unavailable');
    expect(failure.retriable).toBe(true);
  });

  it('for any other reason is left alone', async () => {
    const mistake = new TypeError('x is undefined');
    expect(await failureOf(mistake)).toBe(mistake);
    const syntax = Object.assign(new Error('syntax error'), { code: '42601' });
    expect(await failureOf(syntax)).toBe(syntax);
  });
});

describe('a route that succeeds', () => {
  it('is left alone', async () => {
    expect(await lastValueFrom(interceptor.intercept({} as never, { handle: () => of('answer') }))).toBe('answer');
  });
});
