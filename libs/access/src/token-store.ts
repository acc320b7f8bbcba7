import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PERMISSIONS } from './permissions.js';
import type { Principal } from './principal.js';

/** Where tokens are looked up; by their SHA-256, so that no store ever sees one. */
export abstract class TokenStore {
  /** @returns undefined for a token that does not exist, or no longer */
  abstract find(digest: Buffer): Promise<Principal | undefined>;
}

export function digestToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Knows one token, which may do everything. */
@Injectable()
export class AdminTokenStore extends TokenStore {
  private readonly digest: Buffer;
  private readonly admin: Principal = {
    name: 'admin',
    permissions: new Set(PERMISSIONS),
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
}
