import type { ScopeRole } from '@tidings/catalogue';

/** One of the things that a caller may see, by names: all that is given holds. */
export interface Visible {
  /** The event belongs to somebody in this role; `keys` undefined: to anybody. */
  readonly role?: ScopeRole;
  readonly keys?: readonly string[];
  readonly system?: string;
  readonly site?: string;
}

/**
 * The same in the terms of the store. Types and sources are said by their numbers, for which the planner knows how many
 * rows there are; where they are many, by the name of their system or site, which the database looks up itself.
 */
export interface VisibleRows extends Visible {
  readonly typeIds?: readonly number[];
  readonly sourceIds?: readonly number[];
}
