import type { EventDefinition, PayloadClass, SystemDefinition } from './definition.js';
import type { Problem } from './envelope.js';
import { readerOf, type EventReader } from './event-reader.js';
import type { JsonObject } from './json.js';
import { dataschemaOf, publishedSchema } from './published-schema.js';
import type { JsonSchema } from './schema.js';
import { validatePayload } from './validation.js';

/** An event type with everything that is derived from its row. */
export interface EventType extends EventReader {
  readonly groups: readonly string[];
  readonly domain: string;
  readonly summary: string;
  readonly version: number;
  readonly dataschema: string;
  /** Of the current version. */
  readonly schema: JsonSchema;
  /** The versions that there is a schema of, oldest first. */
  readonly versions: readonly number[];
  /** The payload's schema in one of its {@link versions}. */
  schemaOf(version: number): JsonSchema | undefined;
  readonly example: JsonObject;
  validate(data: unknown): readonly Problem[];
}

/** What Kafka allows, without the full stop that parts a kafkaTopic's segments. */
const TOPIC_SEGMENT = /^[a-z0-9_-]{1,64}$/;

/** The kafkaTopic of a domain, without the configurable prefix. */
export function domainTopic(system: string, domain: string): string {
  return `lifecycle.${system}.${domain}`;
}

/** The kafkaTopic for a system's events of types that nobody declared, without the configurable prefix. */
export function uncataloguedTopic(system: string): string {
  return domainTopic(system, 'uncatalogued');
}

/** Derives everything from a row. @throws {TypeError} when it has no home, or a scope that its system does not know */
export function resolveEventType(definition: SystemDefinition, key: string, row: EventDefinition<object>): EventType {
  const type = `${definition.typePrefix}${key}`;
  const nativeType = definition.nativeType?.(key) ?? key;
  const [domain] = row.groups;
  if (domain === undefined) throw new TypeError(`${type} is in no group, so it has no kafkaTopic`);
  if (!TOPIC_SEGMENT.test(domain)) throw new TypeError(`${type}: the group ${domain} cannot be in a kafkaTopic's name`);
  for (const kind of Object.keys(row.scopes)) {
    if (definition.scopeRoles[kind] === undefined) {
      throw new TypeError(`${type} has the scope ${kind}, which ${definition.name} gives no role`);
    }
  }
  const earlier = new Map(
    Object.entries(row.earlier ?? {}).map(([version, payload]): [number, PayloadClass<object>] => [+version, payload]),
  );
  const reader = readerOf(definition, row, type, nativeType, domainTopic(definition.name, domain));
  return {
    ...reader,
    groups: row.groups,
    domain,
    summary: row.summary,
    version: row.version,
    dataschema: dataschemaOf(type, row.version),
    get schema() {
      return publishedSchema(type, row.version, row.payload);
    },
    versions: [...earlier.keys(), row.version],
    schemaOf: (version) => {
      const payload = version === row.version ? row.payload : earlier.get(version);
      return payload && publishedSchema(type, version, payload);
    },
    example: row.example as JsonObject,
    validate: (data) => validatePayload(row.payload, data),
  };
}
