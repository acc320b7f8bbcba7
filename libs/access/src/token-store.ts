import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { effectivePermissions, PERMISSIONS } from './permissions.js';
import type { Principal } from './principal.js';

/** Why a token is none any more. */
export type TokenEnd = 'revoked' | 'expired';

/** Where tokens are looked up; by their SHA-256, so that no store ever sees one. */
export abstract class TokenStore {
  /** @returns undefined for a token that does not exist, or no longer */
  abstract find(digest: Buffer): Promise<Principal | undefined>;

  /**
   * @param fingerprint of a client certificate: the SHA-256 of its DER, 64 lower-case hex digits
   * @returns undefined when it is not registered, or no longer
   */
  abstract findCertificate(fingerprint: string): Promise<Principal | undefined>;

  /**
   * Tells, within two seconds, when a principal's token has ended: what it opened must be closed then.
   * @returns stops telling
   */
  abstract whenEnded(principal: Principal, listener: (end: TokenEnd) => void): () => void;
}

export function digestToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Knows one token, which may do everything. */
@Injectable()
export class AdminTokenStore extends TokenStore {
  private readonly digest: Buffer;
  private readonly admin: Principal = {
    id: 'admin',
    name: 'admin',
    permissions: effectivePermissions(PERMISSIONS),
    scopes: ['*'],
    sources: ['*'],
  };

  constructor(adminToken: string) {
    super();
    this.digest = digestToken(adminToken);
  }

  find(digest: Buffer): Promise<Principal | undefined> {
    return Promise.resolve(timingSafeEqual(digest, this.digest) ? this.admin : undefined);
  }

  findCertificate(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  whenEnded(): () => void {
    return () => undefined;
  }
}
