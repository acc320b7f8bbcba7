import type { IncomingHttpHeaders } from 'node:http';
import {
  DELIVERY_LIMITS,
  HOPS_EXTENSION,
  HOPS_HEADER,
  hopsOf,
  type LifecycleEvent,
  type Problem,
} from '@tidings/catalogue';
import { DomainError } from '@tidings/runtime';

/**
 * How many deliveries have led to a request: a delivery of ours says it, so that one that comes in again ends at last.
 * @throws {DomainError} `unprocessable_event` for one too many
 */
export function hopsOfRequest(headers: IncomingHttpHeaders): number {
  const hops = hopsOf([headers[HOPS_HEADER]].flat()[0]);
  const problem = tooMany(HOPS_HEADER, hops);
  if (problem !== undefined) throw new DomainError('unprocessable_event', {}, { members: { errors: [problem] } });
  return hops;
}

/** The same of an event that says it itself, as it does behind a delivery that has no headers. */
export function hopsProblem({ extensions }: Pick<LifecycleEvent, 'extensions'>): Problem | undefined {
  return tooMany(HOPS_EXTENSION, hopsOf(extensions?.[HOPS_EXTENSION]));
}

function tooMany(field: string, hops: number): Problem | undefined {
  if (hops <= DELIVERY_LIMITS.hops.value) return undefined;
  const problem = `says that ${hops} deliveries have led here, so a subscription delivers to Tidings itself; mend it`;
  return { field, problem };
}

/** Keeps with an event how many deliveries it has been through, for its next one. */
export function withHops<E extends Pick<LifecycleEvent, 'extensions'>>(event: E, hops: number): E {
  const known = Math.max(hops, hopsOf(event.extensions?.[HOPS_EXTENSION]));
  return known === 0 ? event : { ...event, extensions: { ...event.extensions, [HOPS_EXTENSION]: String(known) } };
}
