import type { Socket } from 'node:net';

/**
 * A receiver may close right behind its answer without having said so; a connection is used again only when it has stood
 * open for so long, milliseconds, and this process has looked whether it still does.
 */
const REST_MS = 5;
/** The most unused connections to one origin. */
const MOST_KEPT = 128;

interface Kept {
  readonly socket: Socket;
  readonly forget: () => void;
  isRested: boolean;
}

/** Connections between two exchanges. */
export class KeptConnections {
  private readonly byOrigin = new Map<string, Kept[]>();
  private isClosed = false;

  /** @param keepAliveMs an unused connection is closed after so long */
  constructor(private readonly keepAliveMs: number) {}

  /** @returns a connection that nobody uses; undefined: there is none */
  take(origin: string): Socket | undefined {
    const kept = this.byOrigin.get(origin);
    if (kept === undefined) return undefined;
    // The one that was used last among those that have rested.
    const index = kept.findLastIndex(({ isRested }) => isRested);
    const [one] = index < 0 ? [] : kept.splice(index, 1);
    one?.forget();
    if (kept.length === 0) this.byOrigin.delete(origin);
    return one?.socket;
  }

  keep(origin: string, socket: Socket): void {
    const kept = this.byOrigin.get(origin) ?? [];
    if (this.isClosed || kept.length >= MOST_KEPT || socket.readableEnded) {
      socket.destroy();
      return;
    }
    this.byOrigin.set(origin, kept);
    // Nothing is expected of it: whatever it says or does, it is of no more use.
    const drop = (): void => {
      forget();
      socket.destroy();
      const index = kept.findIndex((one) => one.socket === socket);
      if (index >= 0) kept.splice(index, 1);
      if (kept.length === 0 && this.byOrigin.get(origin) === kept) this.byOrigin.delete(origin);
    };
    const timer = setTimeout(drop, this.keepAliveMs);
    timer.unref();
    // Between a timer and what is immediate, sockets are read.
    const rest = setTimeout(() => setImmediate(() => (one.isRested = true)), REST_MS);
    const forget = (): void => {
      clearTimeout(timer);
      clearTimeout(rest);
      socket.off('data', drop).off('end', drop).off('close', drop).off('error', drop);
    };
    socket.on('data', drop).on('end', drop).on('close', drop).on('error', drop);
    const one: Kept = { socket, forget, isRested: false };
    kept.push(one);
  }

  close(): void {
    this.isClosed = true;
    for (const kept of this.byOrigin.values()) for (const { socket } of kept) socket.destroy();
  }
}
