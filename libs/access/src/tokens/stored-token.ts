import type { Permission } from '../permissions.js';

/**
 * What proves it: a text in the `Authorization` header, or a client certificate. A session is proved by a text, too; it was
 * made of a one-time code.
 */
export type TokenKind = 'bearer' | 'certificate' | 'session';

/** What a token is for, and until when. */
export interface TokenDraft {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly scopes: readonly string[];
  readonly sources: readonly string[];
  /** Undefined: it does not expire. */
  readonly expiresAt: Date | undefined;
  /** Of a client certificate: the SHA-256 of its DER, lower-case hexadecimal. Undefined: a bearer token is made. */
  readonly fingerprint: string | undefined;
}

/** How a token's secret is replaced. */
export interface TokenRotation {
  /** How long the old secret is still good; 0: no longer. */
  readonly graceSeconds: number;
  /** Undefined leaves it; null: it does not expire any more. */
  readonly expiresAt: Date | null | undefined;
  /** Of the new client certificate. */
  readonly fingerprint: string | undefined;
}

/** A token as it is kept; never with its secret. */
export interface StoredToken {
  readonly id: string;
  readonly name: string;
  readonly kind: TokenKind;
  readonly permissions: readonly Permission[];
  readonly scopes: readonly string[];
  readonly sources: readonly string[];
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
  /** Of a certificate, while it is registered. */
  readonly fingerprint: string | undefined;
  /** Until when the secret before the last rotation is still good. */
  readonly graceEndsAt: Date | undefined;
}

/** A token, and the only time its secret is shown. */
export interface IssuedToken {
  readonly token: StoredToken;
  /** Undefined for a certificate. */
  readonly secret: string | undefined;
}
