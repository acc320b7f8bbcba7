import { catalogue, type JsonObject } from '@tidings/catalogue';
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

/** Whether an instance may see an event: within its scopes, or sent through an API source of its own. */
export function mayBeSeenBy(instance: InstanceConfiguration, { system, event }: StoredEvent): boolean {
  if (system === API_SYSTEM && sourceOf(instance, system, event) !== undefined) return true;
  const { type, source, data } = event;
  if (typeof type !== 'string' || typeof source !== 'string') return false;
  const reader = catalogue.type(type) ?? catalogue.undeclaredReader(system, type);
  const verdict = new InstanceAudience(instance.scopes, catalogue).verdictOn(reader, source);
  return typeof verdict === 'boolean' ? verdict : verdict(data);
}
