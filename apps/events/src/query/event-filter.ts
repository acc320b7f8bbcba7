import type { Outcome } from '@tidings/catalogue';

/** What a field may be, and may not be. Both hold; an event without the field is none of `noneOf`. */
export interface Choice<T = string> {
  /** Any of them; undefined: whatever. */
  readonly anyOf?: readonly T[];
  readonly noneOf?: readonly T[];
}

/** Which events are asked for. Whatever is missing does not narrow; what is there is ANDed. */
export interface EventFilter {
  /** Microseconds since the Unix epoch; from here on. */
  readonly createdFrom?: bigint;
  /** Microseconds since the Unix epoch; before this. */
  readonly createdTo?: bigint;
  /** Each is contained in the message, whatever the case of its letters. */
  readonly message?: readonly string[];
  /** Each is contained in the message or in a value of the context, whatever the case of its letters. */
  readonly text?: readonly string[];
  /** Native or full names of types. */
  readonly types?: Choice;
  /** Groups of any system. */
  readonly groups?: Choice;
  readonly systems?: Choice;
  readonly sites?: Choice;
  /** CloudEvents sources. */
  readonly sources?: Choice;
  /** CloudEvents subjects. */
  readonly subjects?: Choice;
  readonly outcomes?: Choice<Outcome>;
  readonly conforming?: boolean;
  /** All of which it must belong to. */
  readonly scopes?: readonly ScopeFilter[];
  /** A user who did it, or whom it was done to. */
  readonly relatedUser?: string;
  readonly authMethod?: string;
  /** The spellings under which the token may be stored. */
  readonly personalToken?: readonly string[];
}

/** The events of one customer, project, user, … of one system. */
export interface ScopeFilter {
  readonly system: string;
  /** Undefined: of whatever site. */
  readonly site?: string;
  /** As that system calls it; undefined: all of the site. */
  readonly kind?: string;
  /** What `scopeKey` makes of the system and its value; there when `kind` is. */
  readonly key?: string;
}

/** Events of one time stand in the order of their ids, so that pages never overlap. */
export type EventOrder = 'newest-first' | 'oldest-first';
