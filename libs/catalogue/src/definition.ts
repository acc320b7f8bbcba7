import type { JsonObject } from './json.js';
import type { LifecycleEvent } from './envelope.js';

/** How an event's action ended, or that it has not yet. */
export const OUTCOMES = ['succeeded', 'failed', 'scheduled', 'in_progress', 'cancelled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * The three ways in which an event can belong to somebody. Each system says under which name of its own it plays which
 * role (Waldur's `customer` and IBM's `account` are both tenants); the store has one narrow column a role.
 */
export const SCOPE_ROLES = ['tenant', 'project', 'actor'] as const;
export type ScopeRole = (typeof SCOPE_ROLES)[number];

/** What Waldur's clients filter by beside the scopes; a system that has such a field says where. */
export const FACETS = ['relatedUser', 'authMethod', 'personalToken'] as const;
export type Facet = (typeof FACETS)[number];

/**
 * Where in an event's data a value is: a dotted path (`metadata.source`), or a template of them where one field alone
 * does not tell entities apart (`{project_key}/{repository}`), or several of which the first one present counts.
 */
export type FieldPaths = string | readonly string[];

/** Makes the class-validator class of a payload known by its shape. */
export type PayloadClass<P extends object> = new () => P;

/** One event type, declared once. Everything else about it is derived. */
export interface EventDefinition<P extends object> {
  /** One line, for people who choose what to subscribe to. */
  readonly summary: string;
  /** Of the payload; `dataschema` carries it. */
  readonly version: number;
  /** The system's own groups that it is in; the first is its home and names its kafkaTopic. */
  readonly groups: readonly string[];
  /** Which field is the entity acted on: the CloudEvents subject and the message key. */
  readonly subject: FieldPaths;
  /** Whom it belongs to: kinds of scope, each with the field that holds its value. */
  readonly scopes: Readonly<Record<string, FieldPaths>>;
  /** How it ended: fixed by the type, or told by the payload. */
  readonly outcome?: Outcome | { of(payload: P): Outcome | undefined };
  /** Says the event in one line. `payload` may not conform, so every field may be missing. */
  message(payload: P): string;
  readonly payload: PayloadClass<P>;
  /** The payload as it was in versions before this one: stored events still name them, and ask for their schema. */
  readonly earlier?: Readonly<Record<number, PayloadClass<object>>>;
  /** A payload as the system really sends one, for documentation and tests. */
  readonly example: P;
}

/** Declares one event type; it exists so that `message`, `outcome` and `example` are checked against the payload. */
export function event<P extends object>(definition: EventDefinition<P>): EventDefinition<P> {
  return definition;
}

/** The rows of one system, by the part of the type's name that follows the system's prefix. */
export type EventRows = Readonly<Record<string, EventDefinition<object>>>;

/** Why a native event cannot become an event at all. */
export interface NativeRejection {
  readonly kind: 'type' | 'time' | 'shape';
  readonly field: string;
  readonly problem: string;
}

export type NativeReading = { readonly event: LifecycleEvent<JsonObject> } | { readonly rejection: NativeRejection };

/** A system's own wire format, read and written. */
export interface NativeFormat {
  /**
   * @param native one native event as its system sends it, numbers exact (`parseJson().exact`)
   * @param site which installation it came from
   * @param arrival the time of an event that has none, microseconds since the Unix epoch; the present unless given
   * @returns the event, with an id derived from its content where the system gives none; or why there is none
   */
  read(native: JsonObject, site: string, arrival?: bigint): NativeReading;
  /** The event as the system itself would send it: the inverse of `read`. */
  write(event: LifecycleEvent<JsonObject>): JsonObject;
}

/** A kind of origin, with all of its event types. */
export interface SystemDefinition<
  Name extends string = string,
  Prefix extends string = string,
  Rows extends EventRows = EventRows,
> {
  readonly name: Name;
  /** How people call it. */
  readonly title: string;
  /** What all of its type names begin with, ending in a full stop. */
  readonly typePrefix: Prefix;
  readonly events: Rows;
  /** The system's own name of a type, by the key of its row; the key itself unless told otherwise. */
  nativeType?(key: string): string;
  readonly scopeRoles: Readonly<Record<string, ScopeRole>>;
  readonly facets?: Partial<Readonly<Record<Facet, FieldPaths>>>;
  /** Which field of the data the query API shows as `context`; the whole data unless told otherwise. */
  readonly contextField?: string;
  /** How to read a native event of a type that nobody declared: what still can be told of subject, scopes, message. */
  readonly undeclared: Pick<EventDefinition<object>, 'subject' | 'scopes' | 'message' | 'outcome'>;
  readonly native?: NativeFormat;
}

/** Declares one system. */
export function system<const Name extends string, const Prefix extends string, Rows extends EventRows>(
  definition: SystemDefinition<Name, Prefix, Rows>,
): SystemDefinition<Name, Prefix, Rows> {
  return definition;
}

/** The payload of every type of a system, by the type's full name. */
export type PayloadsOf<S> =
  S extends SystemDefinition<string, infer Prefix, infer Rows>
    ? { [Key in keyof Rows & string as `${Prefix}${Key}`]: Rows[Key] extends EventDefinition<infer P> ? P : never }
    : never;
