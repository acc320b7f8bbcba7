import { isConnectionError } from '@tidings/database';
import { DomainError } from '@tidings/runtime';
import type { Principal } from '../principal.js';
import { type AdminTokenStore, type TokenEnd, TokenStore } from '../token-store.js';
import { RecentMap } from './recent-map.js';
import { SecretWatch } from './secret-watch.js';
import type { SecretSource } from './stored-secret.js';
import type { TokenKind } from './stored-token.js';

/** For so long an answer of the database is not asked for again, milliseconds. */
const FRESH_MS = 1_000;
/** For so long after its last confirmation a token is still good while the database is away, milliseconds. */
const KEPT_MS = 5 * 60_000;
/** Found and unknown ones apart, so that guesses never push real ones out. */
const MAX_FOUND = 10_000;
const MAX_UNKNOWN = 10_000;
/**
 * More look-ups at once would only queue. Of tokens that nobody knows yet there are fewer: those who guess are turned away
 * before they take the database from those who have a token.
 */
const MAX_LOOKUPS = { known: 256, unknown: 32 } as const;

interface Found {
  readonly principal: Principal;
  /** By the store's clock; undefined: without end. */
  readonly endsAt: number | undefined;
  readonly confirmedAt: number;
}

/**
 * Knows the configured admin token, and those in the database: each is looked up at most once a second, so a revoked one
 * is refused within that time. While the database is away, tokens that it confirmed shortly before stay good; one that is
 * there and does not answer in time is overloaded, and keeps no token alive.
 */
export class CachedTokenStore extends TokenStore {
  private readonly found = new RecentMap<Found>(MAX_FOUND);
  private readonly unknown = new RecentMap<number>(MAX_UNKNOWN);
  private readonly lookups = {
    known: new Map<string, Promise<Principal | undefined>>(),
    unknown: new Map<string, Promise<Principal | undefined>>(),
  };
  /** Which secret a principal came by: its stream ends with that, even when the token has got a new one. */
  private readonly digests = new WeakMap<Principal, { readonly digest: string; readonly endsAt: number | undefined }>();
  private readonly watch: SecretWatch;
  private awayUntil = -Infinity;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(
    private readonly admin: AdminTokenStore,
    private readonly secrets: SecretSource,
    private readonly now: () => number = () => performance.now(),
  ) {
    super();
    this.watch = new SecretWatch(secrets, now);
  }

  async find(digest: Buffer): Promise<Principal | undefined> {
    return (await this.admin.find(digest)) ?? this.look(digest, 'bearer');
  }

  async findCertificate(fingerprint: string): Promise<Principal | undefined> {
    return this.look(Buffer.from(fingerprint, 'hex'), 'certificate');
  }

  whenEnded(principal: Principal, listener: (end: TokenEnd) => void): () => void {
    const secret = this.digests.get(principal);
    return secret === undefined ? () => undefined : this.watch.add(secret.digest, secret.endsAt, listener);
  }

  close(): void {
    this.watch.close();
  }

  private async look(digest: Buffer, kind: TokenKind): Promise<Principal | undefined> {
    const key = `${kind}:${digest.toString('hex')}`;
    const now = this.now();
    const found = this.found.get(key);
    if (found !== undefined && now - found.confirmedAt < FRESH_MS) return this.stillGood(found);
    const missedAt = this.unknown.get(key);
    if (missedAt !== undefined && now - missedAt < FRESH_MS) return undefined;
    if (now < this.awayUntil) return this.whileAway(key);
    const standing = found === undefined ? 'unknown' : 'known';
    const lookups = this.lookups[standing];
    const running = lookups.get(key);
    if (running !== undefined) return running;
    if (lookups.size >= MAX_LOOKUPS[standing]) throw new DomainError('overloaded');
    const lookup = this.ask(key, digest, kind).finally(() => lookups.delete(key));
    lookups.set(key, lookup);
    return lookup;
  }

  private async ask(key: string, digest: Buffer, kind: TokenKind): Promise<Principal | undefined> {
    // Before the answer, which may be older than its arrival.
    const askedAt = this.now();
    try {
      const secret = await this.secrets.find(digest, kind);
      if (secret === undefined) {
        this.found.delete(key);
        this.unknown.set(key, askedAt);
        return undefined;
      }
      const { principal, endsInMs } = secret;
      const endsAt = endsInMs === undefined ? undefined : askedAt + endsInMs;
      this.unknown.delete(key);
      this.found.set(key, { principal, endsAt, confirmedAt: askedAt });
      this.digests.set(principal, { digest: digest.toString('hex'), endsAt });
      return principal;
    } catch (error) {
      if (isTimeout(error)) throw new DomainError('overloaded', {}, { cause: error });
      if (!isConnectionError(error)) throw error;
      this.awayUntil = this.now() + FRESH_MS;
      return this.whileAway(key, error);
    }
  }

  private whileAway(key: string, cause?: unknown): Principal | undefined {
    const found = this.found.get(key);
    if (found === undefined || this.now() - found.confirmedAt >= KEPT_MS) {
      throw new DomainError('database_unavailable', {}, { cause });
    }
    return this.stillGood(found);
  }

  private stillGood({ principal, endsAt }: Found): Principal | undefined {
    return endsAt === undefined || this.now() < endsAt ? principal : undefined;
  }
}

/** It took too long: for the answer, or for a connection to become free. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && /query read timeout|timeout exceeded when trying to connect/i.test(error.message);
}
