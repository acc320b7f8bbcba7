import {
  OUTCOMES,
  type EventDefinition,
  type Facet,
  type Outcome,
  type ScopeRole,
  type SystemDefinition,
} from './definition.js';
import { fieldReader, textOf, type FieldReader } from './fields.js';

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

/** Puts together what a system says of an event's data, of a declared type or for those that nobody declared. */
export function readerOf(
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
    outcomeOf: typeof outcome === 'object' ? (data) => toldOutcome(outcome, data) : () => outcome,
    messageOf: (data) => saidMessage(row, data) ?? `An event of ${definition.title}: ${nativeType}.`,
  };
}

// A team's functions are handed payloads that need not conform; one that throws must not make its events unreadable.

function saidMessage(row: Pick<EventDefinition<object>, 'message'>, data: unknown): string | undefined {
  try {
    const said: unknown = row.message(data as object);
    return typeof said === 'string' ? said : undefined;
  } catch {
    return undefined;
  }
}

function toldOutcome(outcome: { of(payload: object): Outcome | undefined }, data: unknown): Outcome | undefined {
  try {
    const told = outcome.of(data as object);
    return OUTCOMES.find((known) => known === told);
  } catch {
    return undefined;
  }
}
