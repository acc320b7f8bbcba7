import type { Permission } from './permissions.js';

/** Who calls, and what they may do. */
export interface Principal {
  /** The token's; `admin` for the configured one. */
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Whose events may be seen: see {@link parseScopePattern}. */
  readonly scopes: readonly string[];
  /** As which CloudEvents sources events may be published: exact, or ending in `*`. */
  readonly sources: readonly string[];
}
