import { closest, distance } from 'fastest-levenshtein';
import type { EventDefinition, Facet, Outcome, ScopeRole, SystemDefinition } from './definition.js';
import type { Problem } from './envelope.js';
import { fieldReader, textOf, type FieldReader } from './fields.js';
import type { JsonObject } from './json.js';
import { schemaOf, type JsonSchema } from './schema.js';
import { validatePayload } from './validation.js';

/** What can be told of an event from its data alone. */
export interface EventReader {
  readonly type: string;
  readonly nativeType: string;
  readonly system: string;
  /** Without the configurable prefix. */
  readonly kafkaTopic: string;
  subjectOf(data: unknown): string | undefined;
  /** The values by role, and by the system's own name of the scope through `scopeKinds`. */
  scopeOf(role: ScopeRole, data: unknown): string | undefined;
  facetOf(facet: Facet, data: unknown): string | undefined;
  outcomeOf(data: unknown): Outcome | undefined;
  messageOf(data: unknown): string;
}

/** An event type with everything that is derived from its row. */
export interface EventType extends EventReader {
  readonly groups: readonly string[];
  readonly domain: string;
  readonly summary: string;
  readonly version: number;
  readonly dataschema: string;
  readonly schema: JsonSchema;
  readonly example: JsonObject;
  validate(data: unknown): readonly Problem[];
}

/** Event types of several systems, looked up by their names. */
export class Catalogue {
  private readonly bySystem = new Map<string, SystemDefinition>();
  private readonly byType = new Map<string, EventType>();
  private readonly byNativeType = new Map<string, EventType[]>();
  private readonly undeclared = new Map<string, EventReader>();

  /** @throws {TypeError} when two rows have one name, or a row has no home or a scope that its system does not know */
  constructor(systems: readonly SystemDefinition[]) {
    for (const definition of systems) {
      if (this.bySystem.has(definition.name)) throw new TypeError(`the system ${definition.name} is declared twice`);
      this.bySystem.set(definition.name, definition);
      for (const [key, row] of Object.entries(definition.events)) this.add(resolve(definition, key, row));
    }
  }

  private add(declared: EventType): void {
    if (this.byType.has(declared.type)) throw new TypeError(`the event type ${declared.type} is declared twice`);
    this.byType.set(declared.type, declared);
    const namesakes = this.byNativeType.get(declared.nativeType);
    if (namesakes === undefined) this.byNativeType.set(declared.nativeType, [declared]);
    else namesakes.push(declared);
  }

  systems(): readonly SystemDefinition[] {
    return [...this.bySystem.values()];
  }

  system(name: string): SystemDefinition | undefined {
    return this.bySystem.get(name);
  }

  types(): readonly EventType[] {
    return [...this.byType.values()];
  }

  /** @param type the full name */
  type(type: string): EventType | undefined {
    return this.byType.get(type);
  }

  /** Every type that goes by this name: one for a full name, for a native one as many as systems use it. */
  named(name: string): readonly EventType[] {
    const declared = this.byType.get(name);
    return declared === undefined ? (this.byNativeType.get(name) ?? []) : [declared];
  }

  /** The types of each of a system's groups, in the order of their declaration. */
  groups(system: string): ReadonlyMap<string, readonly EventType[]> {
    const groups = new Map<string, EventType[]>();
    for (const declared of this.byType.values()) {
      if (declared.system !== system) continue;
      for (const group of declared.groups) groups.set(group, [...(groups.get(group) ?? []), declared]);
    }
    return groups;
  }

  /** Every kafkaTopic that a declared type travels on, and one for the undeclared of each system. */
  kafkaTopics(): readonly string[] {
    const topics = new Set([...this.byType.values()].map((declared) => declared.kafkaTopic));
    for (const name of this.bySystem.keys()) topics.add(uncataloguedTopic(name));
    return [...topics].sort();
  }

  /** How to read an event whose type nobody declared. @throws {RangeError} when there is no such system */
  undeclaredReader(system: string, type: string): EventReader {
    const cached = this.undeclared.get(`${system} ${type}`);
    if (cached !== undefined) return cached;
    const definition = this.bySystem.get(system);
    if (definition === undefined) throw new RangeError(`no system is called ${system}`);
    const key = type.startsWith(definition.typePrefix) ? type.slice(definition.typePrefix.length) : undefined;
    const nativeType = key === undefined ? type : (definition.nativeType?.(key) ?? key);
    const reader = readerOf(definition, definition.undeclared, type, nativeType, uncataloguedTopic(system));
    // Bounded, because the names come from outside.
    if (this.undeclared.size >= MAX_UNDECLARED_READERS) this.undeclared.clear();
    this.undeclared.set(`${system} ${type}`, reader);
    return reader;
  }

  /** Which system a type's name belongs to by its prefix: for names that nobody declared. */
  systemOfType(type: string): SystemDefinition | undefined {
    let longest: SystemDefinition | undefined;
    for (const definition of this.bySystem.values()) {
      if (!type.startsWith(definition.typePrefix)) continue;
      if (longest === undefined || definition.typePrefix.length > longest.typePrefix.length) longest = definition;
    }
    return longest;
  }

  /** The declared names that a mistaken one may have meant, nearest first. */
  nearest(name: string, most = 3): readonly string[] {
    const short = name.slice(0, MAX_NAME_COMPARED);
    const candidates = [...this.byType.values()].map((declared) => ({
      type: declared.type,
      distance: this.distance(short, declared),
    }));
    return candidates
      .filter((candidate) => candidate.distance < MAX_RELATIVE_DISTANCE)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, most)
      .map((candidate) => candidate.type);
  }

  /** From 0 (the same) to 1; a prefix that both have is no likeness, since a whole system has it. */
  private distance(name: string, { type, nativeType, system }: EventType): number {
    const prefix = this.bySystem.get(system)?.typePrefix ?? '';
    const key = type.slice(prefix.length);
    const [said, names] = name.startsWith(prefix)
      ? [name.slice(prefix.length), [key, nativeType]]
      : [name, [key, nativeType, type]];
    const meant = closest(said, names);
    return distance(said, meant) / Math.max(said.length, meant.length, 1);
  }
}

/** What Kafka allows, without the full stop that parts a kafkaTopic's segments. */
const TOPIC_SEGMENT = /^[a-z0-9_-]{1,64}$/;

const MAX_UNDECLARED_READERS = 10_000;
/** Comparing costs the product of the lengths, and names come from outside. */
const MAX_NAME_COMPARED = 200;
/** More than half different is no slip of the pen. */
const MAX_RELATIVE_DISTANCE = 0.5;

/** The kafkaTopic of a domain, without the configurable prefix. */
export function domainTopic(system: string, domain: string): string {
  return `lifecycle.${system}.${domain}`;
}

/** The kafkaTopic for a system's events of types that nobody declared, without the configurable prefix. */
export function uncataloguedTopic(system: string): string {
  return domainTopic(system, 'uncatalogued');
}

/** What `dataschema` says for a version of a type. */
export function dataschemaOf(type: string, version: number): string {
  return `urn:tidings:schema:${type}:${version}`;
}

function resolve(definition: SystemDefinition, key: string, row: EventDefinition<object>): EventType {
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
  const reader = readerOf(definition, row, type, nativeType, domainTopic(definition.name, domain));
  return {
    ...reader,
    groups: row.groups,
    domain,
    summary: row.summary,
    version: row.version,
    dataschema: dataschemaOf(type, row.version),
    get schema() {
      return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: type, ...schemaOf(row.payload) };
    },
    example: row.example as JsonObject,
    validate: (data) => validatePayload(row.payload, data),
  };
}

function readerOf(
  definition: SystemDefinition,
  row: Pick<EventDefinition<object>, 'subject' | 'scopes' | 'message' | 'outcome'>,
  type: string,
  nativeType: string,
  kafkaTopic: string,
): EventReader {
  const subject = fieldReader(row.subject);
  const scopes = new Map<ScopeRole, FieldReader>();
  for (const [kind, paths] of Object.entries(row.scopes)) {
    const role = definition.scopeRoles[kind];
    if (role !== undefined) scopes.set(role, fieldReader(paths));
  }
  const facets = new Map<Facet, FieldReader>();
  for (const [facet, paths] of Object.entries(definition.facets ?? {})) facets.set(facet as Facet, fieldReader(paths));
  const { outcome } = row;
  return {
    type,
    nativeType,
    system: definition.name,
    kafkaTopic,
    subjectOf: (data) => textOf(subject(data)),
    scopeOf: (role, data) => textOf(scopes.get(role)?.(data)),
    facetOf: (facet, data) => textOf(facets.get(facet)?.(data)),
    outcomeOf: typeof outcome === 'object' ? (data) => outcome.of(data as object) : () => outcome,
    messageOf: (data) => row.message(data as object),
  };
}
