/** Which events are asked for. Whatever is missing does not narrow; what is there is ANDed. */
export interface EventFilter {
  /** Microseconds since the Unix epoch; from here on. */
  readonly createdFrom?: bigint;
  /** Microseconds since the Unix epoch; before this. */
  readonly createdTo?: bigint;
  /** Contained in the message, whatever the case of its letters. */
  readonly message?: string;
  /** Native or full names of types, any of which it may be. */
  readonly types?: readonly string[];
  /** Groups of any system, in one of which its type must be. */
  readonly groups?: readonly string[];
  /** Names of systems, any of which it may be from. */
  readonly systems?: readonly string[];
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
  /** As that system calls it. */
  readonly kind: string;
  /** What `scopeKey` makes of the system and its value. */
  readonly key: string;
}

/** Events of one time stand in the order of their ids, so that pages never overlap. */
export type EventOrder = 'newest-first' | 'oldest-first';
