import type { NativeReading, NativeRejection } from './definition.js';
import { contentId } from './identity.js';
import { canonicalJson } from './json.js';

/** Without spaces and control characters, because a type travels in headers, addresses and filters. */
const TYPE = /^[\x21-\x7e]{1,200}$/;

/** Text that Kafka headers and PostgreSQL can hold, and that still is an id rather than a document. */
const ID = /^[^\p{Cc}\p{Cs}]{1,512}$/u;

/** What a system's reader answers for a native event that cannot become an event. */
export function rejected(kind: NativeRejection['kind'], field: string, problem: string): NativeReading {
  return { rejection: { kind, field, problem } };
}

/** Can this be (part of) the name of an event type? */
export function isTypeName(value: unknown): value is string {
  return typeof value === 'string' && TYPE.test(value);
}

/**
 * The id of a native event.
 * @param given what the system says is the id, if anything
 * @param content what the event says: the id is derived from it where the system gives none that can be kept
 */
export function nativeId(given: unknown, content: readonly unknown[]): string {
  return typeof given === 'string' && ID.test(given) ? given : contentId(canonicalJson(content));
}

export const NO_TYPE = 'must be the name of an event type: 1 to 200 printable ASCII characters without spaces';
export const NO_TIME = 'must be an RFC 3339 date-time with a zone, such as 2026-11-02T08:01:53.204968Z';
