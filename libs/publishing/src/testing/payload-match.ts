import { isDeepStrictEqual } from 'node:util';
import type { Overrides } from './example-payload.js';
import type { RecordedEvent } from './recorded-event.js';

/**
 * Which event is expected: some fields of its payload, at any depth (values may be a test framework's own matchers, such as
 * `expect.any(String)`), or a function that says so.
 */
export type PayloadMatcher<P> = Overrides<P> | ((payload: P, event: RecordedEvent) => boolean);

/** A matcher as Jest, Vitest and Jasmine make them. */
interface AsymmetricMatcher {
  asymmetricMatch(actual: unknown): boolean;
}

/** Does the event's payload have these fields, or does the function say so? */
export function payloadMatches(event: RecordedEvent, matcher: unknown): boolean {
  if (matcher === undefined) return true;
  if (typeof matcher === 'function')
    return (matcher as (...given: unknown[]) => unknown)(event.payload, event) === true;
  return contains(event.payload, matcher);
}

function contains(actual: unknown, expected: unknown): boolean {
  if (isAsymmetric(expected)) return expected.asymmetricMatch(actual);
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected);
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return false;
    return expected.every((item, index) => contains(actual[index], item));
  }
  if (typeof actual !== 'object' || actual === null) return isDeepStrictEqual(actual, expected);
  const fields = actual as Record<string, unknown>;
  return Object.entries(expected).every(([field, value]) => contains(fields[field], value));
}

function isAsymmetric(value: unknown): value is AsymmetricMatcher {
  return (
    typeof value === 'object' &&
    value !== null &&
    'asymmetricMatch' in value &&
    typeof value.asymmetricMatch === 'function'
  );
}
