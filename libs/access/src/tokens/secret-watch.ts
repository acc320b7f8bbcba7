import { Logger } from '@nestjs/common';
import type { TokenEnd } from '../token-store.js';
import type { SecretSource } from './stored-secret.js';

/** How often the watched secrets are asked for, milliseconds. */
const PERIOD_MS = 1_000;

interface Watched {
  /** By the watch's clock; undefined: without end. */
  endsAt: number | undefined;
  readonly listeners: Set<(end: TokenEnd) => void>;
}

/**
 * Tells when secrets end. All of a process are asked for in one query a second, and only while somebody wants to know.
 * What expires is told even while the database is away.
 */
export class SecretWatch {
  private readonly logger = new Logger('Tokens');
  private readonly watched = new Map<string, Watched>();
  private timer: NodeJS.Timeout | undefined;
  private isAsking = false;
  private isAway = false;

  constructor(
    private readonly secrets: SecretSource,
    private readonly now: () => number,
  ) {}

  /**
   * @param digest in hexadecimal
   * @param endsAt when it ends as far as is known
   * @returns stops telling this listener
   */
  add(digest: string, endsAt: number | undefined, listener: (end: TokenEnd) => void): () => void {
    const entry = this.watched.get(digest) ?? { endsAt, listeners: new Set() };
    // A function of its own for each call: the same listener may be added twice.
    const told = (end: TokenEnd): void => listener(end);
    entry.listeners.add(told);
    this.watched.set(digest, entry);
    this.timer ??= setInterval(() => void this.check(), PERIOD_MS).unref();
    return () => {
      entry.listeners.delete(told);
      if (entry.listeners.size === 0 && this.watched.get(digest) === entry) this.forget(digest);
    };
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.watched.clear();
  }

  /** Asks once for all. */
  async check(): Promise<void> {
    this.tellExpired();
    if (this.isAsking || this.watched.size === 0) return;
    this.isAsking = true;
    const asked = new Map(this.watched);
    try {
      const askedAt = this.now();
      const remaining = await this.secrets.remaining([...asked.keys()]);
      this.isAway = false;
      for (const [digest, entry] of asked) {
        if (this.watched.get(digest) !== entry) continue;
        if (!remaining.has(digest)) this.tell(digest, 'revoked');
        const left = remaining.get(digest);
        entry.endsAt = left === undefined ? undefined : askedAt + left;
      }
      this.tellExpired();
    } catch (error) {
      if (!this.isAway) this.logger.warn(`Whether tokens were revoked cannot be asked for now: ${String(error)}`);
      this.isAway = true;
    } finally {
      this.isAsking = false;
    }
  }

  private tellExpired(): void {
    const now = this.now();
    for (const [digest, { endsAt }] of [...this.watched]) {
      if (endsAt !== undefined && endsAt <= now) this.tell(digest, 'expired');
    }
  }

  private tell(digest: string, end: TokenEnd): void {
    const listeners = this.watched.get(digest)?.listeners ?? [];
    this.forget(digest);
    for (const listener of listeners) {
      try {
        listener(end);
      } catch (error) {
        this.logger.error(`Ending what a token had opened failed: ${String(error)}`);
      }
    }
  }

  private forget(digest: string): void {
    this.watched.delete(digest);
    if (this.watched.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
