import type { EventType, JsonObject, JsonSchema } from '@tidings/catalogue';
import { prefixed } from '@tidings/transport';

/** An event type in the list of all. */
export interface CatalogueEntry {
  readonly type: string;
  readonly nativeType: string;
  readonly system: string;
  /** The first is its home. */
  readonly groups: readonly string[];
  /** As it is called on this installation's broker. */
  readonly kafkaTopic: string;
  readonly summary: string;
  readonly version: number;
}

/** An event type with everything there is to know of it. */
export interface CatalogueDetails extends CatalogueEntry {
  readonly dataschema: string;
  readonly schema: JsonSchema;
  readonly example: JsonObject;
}

/** @param prefix of the installation's kafkaTopics */
export function entryOf(declared: EventType, prefix: string): CatalogueEntry {
  const { type, nativeType, system, groups, kafkaTopic, summary, version } = declared;
  return { type, nativeType, system, groups, kafkaTopic: prefixed(prefix, kafkaTopic), summary, version };
}

/** @param prefix of the installation's kafkaTopics */
export function detailsOf(declared: EventType, prefix: string): CatalogueDetails {
  const { dataschema, schema, example } = declared;
  return { ...entryOf(declared, prefix), dataschema, schema, example };
}
