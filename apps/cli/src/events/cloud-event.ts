import { isObject, parseExact } from '../output/exact-json.js';

/** An event as streams and exports say it. */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly data?: unknown;
  readonly [attribute: string]: unknown;
}

/** @param text of an event that the server has sent */
export function readCloudEvent(text: string): CloudEvent {
  return parseExact(text) as CloudEvent;
}

/** A member of nested objects; undefined where one of them is missing. */
export function memberAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) at = isObject(at) ? at[name] : undefined;
  return at;
}
