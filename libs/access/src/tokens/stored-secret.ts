import type { Principal } from '../principal.js';
import type { TokenKind } from './stored-token.js';

/** What a secret opens, and for how long. */
export interface StoredSecret {
  readonly principal: Principal;
  /** Milliseconds; undefined: without end. */
  readonly endsInMs: number | undefined;
}

/** Where secrets are looked up when no cache knows them. */
export interface SecretSource {
  /** @returns undefined for one that is not there, or no longer good */
  find(digest: Buffer, kind: TokenKind): Promise<StoredSecret | undefined>;

  /**
   * @param digests in hexadecimal
   * @returns milliseconds that each is still good, zero or less when it has ended, undefined without end; those that are
   *   there no more are missing
   */
  remaining(digests: readonly string[]): Promise<ReadonlyMap<string, number | undefined>>;
}
