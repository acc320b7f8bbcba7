import type { StoredToken } from './stored-token.js';

/** A token as it is answered and as the audit log keeps it; its secret is nowhere in it. */
export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly permissions: readonly string[];
  readonly scopes: readonly string[];
  readonly sources: readonly string[];
  readonly created_at: string;
  readonly created_by: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  /** Until when the secret before the last rotation is still good. */
  readonly grace_ends_at: string | null;
  /** Of a client certificate, which is no secret; null for others, and once it is revoked. */
  readonly fingerprint: string | null;
}

export function tokenView(token: StoredToken): TokenView {
  const { id, name, kind, permissions, scopes, sources, createdBy, fingerprint } = token;
  return {
    id,
    name,
    kind,
    permissions,
    scopes,
    sources,
    created_at: token.createdAt.toISOString(),
    created_by: createdBy,
    expires_at: token.expiresAt?.toISOString() ?? null,
    revoked_at: token.revokedAt?.toISOString() ?? null,
    grace_ends_at: token.graceEndsAt?.toISOString() ?? null,
    fingerprint: fingerprint ?? null,
  };
}
