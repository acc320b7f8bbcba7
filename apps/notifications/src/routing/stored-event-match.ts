import { catalogue, type EventReader, type JsonObject } from '@tidings/catalogue';
import type { InstanceConfiguration, SourceConfiguration } from '../configuration/configuration.js';
import { InstanceAudience } from '../matching/instance-audience.js';
import { API_SOURCE_EXTENSION } from '../matching/api-event-id.js';
import type { StoredEvent } from '../stored-events/events-client.js';

const API_SYSTEM = 'api';

/** @returns the source of the instance that an event is of; undefined: it has none for it */
export function sourceOf(
  { sources }: InstanceConfiguration,
  system: string,
  event: JsonObject,
): SourceConfiguration | undefined {
  if (system !== API_SYSTEM) return [...sources.values()].find((source) => source.system === system);
  const named = event[API_SOURCE_EXTENSION];
  const source = typeof named === 'string' ? sources.get(named) : undefined;
  return source?.system === undefined ? source : undefined;
}

/**
 * How a stored event is read. A type is declared by one system: an event of another one that has its name is not of it.
 * @param system the one that the store has it under; @returns undefined where the catalogue does not know that system
 */
export function readerOf(system: string, type: string): EventReader | undefined {
  const declared = catalogue.type(type);
  if (declared?.system === system) return declared;
  return catalogue.system(system) === undefined ? undefined : catalogue.undeclaredReader(system, type);
}

/** Whether an instance may see an event: within its scopes, or sent through an API source of its own. */
export function mayBeSeenBy(instance: InstanceConfiguration, { system, event }: StoredEvent): boolean {
  if (system === API_SYSTEM && sourceOf(instance, system, event) !== undefined) return true;
  const { type, source, data } = event;
  if (typeof type !== 'string' || typeof source !== 'string') return false;
  const reader = readerOf(system, type);
  if (reader === undefined) return false;
  const verdict = new InstanceAudience(instance.scopes, catalogue).verdictOn(reader, source);
  return typeof verdict === 'boolean' ? verdict : verdict(data);
}
