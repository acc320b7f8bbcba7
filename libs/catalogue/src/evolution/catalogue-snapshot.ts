import { hash } from 'node:crypto';
import type { Catalogue } from '../catalogue.js';
import type { FieldPaths, Outcome, SystemDefinition } from '../definition.js';
import { domainTopic } from '../event-type.js';
import { canonicalJson, isJsonObject } from '../json.js';
import { schemaOf, type JsonSchema } from '../schema.js';

/** What others rely on of a catalogue, as plain data: to be kept in a file and compared with a later one. */
export interface CatalogueSnapshot {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly systems: Readonly<Record<string, SystemSnapshot>>;
  /** By their full names. */
  readonly types: Readonly<Record<string, TypeSnapshot>>;
  /** By their contents' hash, since many types have one payload. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

export interface SystemSnapshot {
  readonly typePrefix: string;
  readonly scopeRoles: Readonly<Record<string, string>>;
  readonly contextField?: string;
  /** Whether it has a native format. */
  readonly native: boolean;
}

export interface TypeSnapshot {
  readonly system: string;
  readonly nativeType: string;
  readonly kafkaTopic: string;
  readonly groups: readonly string[];
  readonly subject: FieldPaths;
  readonly scopes: Readonly<Record<string, FieldPaths>>;
  readonly outcome?: Outcome | typeof TOLD_OUTCOME;
  readonly version: number;
  /** Each version's schema, by its name among the `schemas`. */
  readonly versions: Readonly<Record<number, string>>;
}

export const SNAPSHOT_FORMAT = 'tidings-catalogue-1';
/** Of a type whose payload says how it ended. */
const TOLD_OUTCOME = 'told by the payload';

/** Writes down what others rely on. */
export function catalogueSnapshot(catalogue: Catalogue): CatalogueSnapshot {
  const schemas = new Map<string, JsonSchema>();
  const types = catalogue.systems().flatMap((system) => typesOf(system, schemas));
  return {
    format: SNAPSHOT_FORMAT,
    systems: Object.fromEntries(catalogue.systems().map((system) => [system.name, systemSnapshot(system)])),
    types: Object.fromEntries(types),
    schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** A snapshot as a file: a line for each system, type and schema, so that a difference shows what has changed. */
export function snapshotText({ format, systems, types, schemas }: CatalogueSnapshot): string {
  const lines = (members: object): string =>
    Object.entries(members)
      .map(([name, member]) => `\n${JSON.stringify(name)}: ${JSON.stringify(member)}`)
      .join(',');
  const parts = Object.entries({ systems, types, schemas }).map(([name, part]) => `"${name}": {${lines(part)}\n}`);
  return `{"format": ${JSON.stringify(format)},\n${parts.join(',\n')}}\n`;
}

/** @returns what is wrong with a value that ought to be a snapshot; undefined when it is one */
export function snapshotProblem(value: unknown): string | undefined {
  if (!isJsonObject(value) || typeof value['format'] !== 'string') return 'is no snapshot of a catalogue';
  if (value['format'] !== SNAPSHOT_FORMAT) return `has the format ${value['format']}, and ${SNAPSHOT_FORMAT} is known`;
  const missing = ['systems', 'types', 'schemas'].find((member) => !isJsonObject(value[member]));
  return missing === undefined ? undefined : `lacks its member ${missing}`;
}

function systemSnapshot({ typePrefix, scopeRoles, contextField, native }: SystemDefinition): SystemSnapshot {
  return {
    typePrefix,
    scopeRoles,
    ...(contextField !== undefined && { contextField }),
    native: native !== undefined,
  };
}

function typesOf(system: SystemDefinition, schemas: Map<string, JsonSchema>): [string, TypeSnapshot][] {
  const keep = (schema: JsonSchema): string => {
    const key = hash('sha256', canonicalJson(schema), 'hex').slice(0, 12);
    schemas.set(key, schema);
    return key;
  };
  return Object.entries(system.events).map(([key, row]) => {
    const { groups, subject, scopes, outcome, version, payload, earlier = {} } = row;
    const snapshot: TypeSnapshot = {
      system: system.name,
      nativeType: system.nativeType?.(key) ?? key,
      kafkaTopic: domainTopic(system.name, groups[0] ?? ''),
      groups,
      subject,
      scopes,
      ...(outcome !== undefined && { outcome: typeof outcome === 'string' ? outcome : TOLD_OUTCOME }),
      version,
      versions: {
        ...Object.fromEntries(Object.entries(earlier).map(([number, former]) => [number, keep(schemaOf(former))])),
        [version]: keep(schemaOf(payload)),
      },
    };
    return [`${system.typePrefix}${key}`, snapshot];
  });
}
