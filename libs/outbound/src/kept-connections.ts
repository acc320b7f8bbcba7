import type { HttpConnection } from './http-connection.js';

/**
 * A receiver may close right behind its answer without having said so; a connection is used again only when it has stood
 * open for so long, milliseconds, and this process has looked whether it still does.
 */
const REST_MS = 5;
/** So many that rest are enough: the one that has rested longest is used before another is opened. */
const MOST_RESTING = 64;
/** Sockets are read once in each turn of the loop: what came with the answer is seen in the turn behind it. */
const LOOKS = 2;
/** The most unused connections to one origin. */
const MOST_KEPT = 128;

interface Kept {
  readonly connection: HttpConnection;
  readonly since: number;
  /** Which look has to be over before it is used again. */
  readonly look: number;
}

/** Connections between two exchanges. */
export class KeptConnections {
  /** By origin; the one that was used last is the last. */
  private readonly byOrigin = new Map<string, Kept[]>();
  private isClosed = false;
  private looks = 0;
  private lastLook = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param keepAliveMs an unused connection is closed after so long */
  constructor(private readonly keepAliveMs: number) {}

  /** @returns a connection that nobody uses; undefined: there is none */
  take(origin: string): HttpConnection | undefined {
    const kept = this.byOrigin.get(origin);
    if (kept === undefined) return undefined;
    const latest = performance.now() - REST_MS;
    // The one that was used last among those that have rested.
    let index = kept.length - 1;
    while (index >= 0 && !this.hasRested(kept[index], latest)) index -= 1;
    if (index < 0 && kept.length >= MOST_RESTING && this.hasRested(kept[0], Number.POSITIVE_INFINITY)) index = 0;
    return index < 0 ? undefined : kept.splice(index, 1)[0]?.connection;
  }

  keep(origin: string, connection: HttpConnection): void {
    let kept = this.byOrigin.get(origin);
    if (kept === undefined) this.byOrigin.set(origin, (kept = []));
    if (this.isClosed || kept.length >= MOST_KEPT) {
      connection.close();
      return;
    }
    if (this.lastLook === this.looks) setImmediate(() => this.look());
    this.lastLook = this.looks + LOOKS;
    kept.push({ connection, since: performance.now(), look: this.lastLook });
    this.timer ??= setTimeout(() => this.closeUnused(), this.keepAliveMs).unref();
  }

  /** It has closed. */
  forget(origin: string, connection: HttpConnection): void {
    const kept = this.byOrigin.get(origin) ?? [];
    const index = kept.findIndex((one) => one.connection === connection);
    if (index >= 0) kept.splice(index, 1);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const kept of this.byOrigin.values()) for (const { connection } of kept) connection.close();
    this.byOrigin.clear();
  }

  private hasRested(kept: Kept | undefined, latest: number): boolean {
    return kept !== undefined && kept.since <= latest && kept.look <= this.looks;
  }

  /** Behind the reading of sockets, in every turn of the loop until all that rest have been looked at. */
  private look(): void {
    this.looks += 1;
    if (this.looks < this.lastLook) setImmediate(() => this.look());
  }

  private closeUnused(): void {
    this.timer = undefined;
    const now = performance.now();
    let oldest = Number.POSITIVE_INFINITY;
    for (const [origin, kept] of this.byOrigin) {
      while (kept[0] !== undefined && kept[0].since <= now - this.keepAliveMs) kept.shift()?.connection.close();
      if (kept[0] === undefined) this.byOrigin.delete(origin);
      else oldest = Math.min(oldest, kept[0].since);
    }
    if (this.byOrigin.size === 0) return;
    this.timer = setTimeout(() => this.closeUnused(), oldest + this.keepAliveMs - now).unref();
  }
}
