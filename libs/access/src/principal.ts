import type { Permission } from './permissions.js';

/** Who calls, and what they may do. */
export interface Principal {
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Whose events may be seen: exact scopes, or ones ending in `*`. */
  readonly scopes: readonly string[];
  /** As which CloudEvents sources events may be published: exact, or ending in `*`. */
  readonly sources: readonly string[];
}
