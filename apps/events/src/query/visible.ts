import type { ScopeRole } from '@tidings/catalogue';

/** One of the things that a caller may see: all that is given holds. */
export interface Visible {
  /** The event belongs to somebody in this role; `keys` undefined: to anybody. */
  readonly role?: ScopeRole;
  readonly keys?: readonly string[];
  readonly typeIds?: readonly number[];
  readonly sourceIds?: readonly number[];
}
