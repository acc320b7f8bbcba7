import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TokenShares } from './token-shares.js';

const PATIENCE = 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const shares = (most: number, waiting = 10) =>
  new TokenShares({ most, patienceMs: PATIENCE, waiting, refusal: 'It is busy.' });

const codeOf = (entering: Promise<unknown>): Promise<unknown> =>
  entering.then(
    () => 'entered',
    (error: unknown) => error,
  );

it('a token has as many as it may, the next waits until one is given back, and others do not wait for it', async () => {
  const own = shares(2);
  const [first, second] = [await own.enter('one'), await own.enter('one')];
  let isIn = false;
  const third = own.enter('one').then((leave) => {
    isIn = true;
    return leave;
  });
  (await own.enter('other'))();
  expect(isIn).toBe(false);
  first();
  // Twice is once.
  first();
  const leave = await third;
  const waiting = codeOf(own.enter('one'));
  vi.advanceTimersByTime(PATIENCE);
  expect(await waiting).toMatchObject({ code: 'too_many_requests', message: 'It is busy.' });
  second();
  leave();
  const again = [await own.enter('one'), await own.enter('one')];
  for (const end of again) end();
});

it('those who wait are served in their order, and too many are refused at once', async () => {
  const own = shares(1, 2);
  const leave = await own.enter('one');
  const order: string[] = [];
  const waiting = ['a', 'b'].map(async (name) => {
    const end = await own.enter('one');
    order.push(name);
    end();
  });
  expect(await codeOf(own.enter('one'))).toMatchObject({ code: 'too_many_requests' });
  leave();
  await Promise.all(waiting);
  expect(order).toEqual(['a', 'b']);
});
