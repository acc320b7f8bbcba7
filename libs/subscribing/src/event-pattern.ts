import type { Catalogue, EventType, EventTypeName } from '@tidings/catalogue';
import { SubscribingError } from './subscribing-error.js';

/** `com.waldur.resource_*` as a template: each `*` stands for any text, full stops included. */
type Template<Pattern extends string> = Pattern extends `${infer Head}*${infer Tail}`
  ? `${Head}${string}${Template<Tail>}`
  : Pattern;

/** The declared event types that a pattern, or one of several, fits. */
export type MatchedTypes<Pattern extends string> = Extract<EventTypeName, Template<Pattern>>;

/** A pattern that fits something; any other becomes a text that says so where the compiler complains. */
export type KnownPattern<Pattern extends string> = Pattern extends unknown
  ? [MatchedTypes<Pattern>] extends [never]
    ? `no declared event type fits ${Pattern}`
    : Pattern
  : never;

const WILDCARD = '*';

/** Whether an event type's name fits a pattern. */
export function fits(pattern: string, type: string): boolean {
  const [head = '', ...rest] = pattern.split(WILDCARD);
  const tail = rest.pop();
  if (tail === undefined) return type === pattern;
  if (!type.startsWith(head)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = type.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return type.length - tail.length >= at && type.endsWith(tail);
}

/**
 * The declared types that a pattern fits.
 * @throws {SubscribingError} UNKNOWN_PATTERN with the nearest names, when there is none
 */
export function typesFitting(pattern: string, catalogue: Catalogue): readonly EventType[] {
  const types = catalogue.types().filter(({ type }) => fits(pattern, type));
  if (types.length > 0) return types;
  const nearest = catalogue.nearest(pattern.replaceAll(WILDCARD, ''));
  const hint = nearest.length === 0 ? '' : `; did you mean ${nearest.join(' or ')}?`;
  throw new SubscribingError('UNKNOWN_PATTERN', `${pattern}${hint}`);
}
