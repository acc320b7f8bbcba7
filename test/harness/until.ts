import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  /** What is waited for, for the error's message. */
  readonly what?: string;
  /** Milliseconds between two looks. */
  readonly interval?: number;
}

/**
 * Waits until a condition holds, and gives what it gave.
 *
 * @param condition asked again and again; throwing counts as not yet
 * @throws {Error} when it still does not hold after the timeout, with its last error as the cause
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeout = 60_000, what = condition.toString(), interval = 50 }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeout;
  let cause: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== false && value !== null && value !== undefined) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new Error(`Waited ${timeout} ms in vain: ${what}`, { cause });
    await delay(interval);
  }
}
