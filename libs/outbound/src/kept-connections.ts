import type { Socket } from 'node:net';

/**
 * A receiver may close right behind its answer without having said so; a connection is used again only when it has stood
 * open for so long, milliseconds.
 */
const REST_MS = 5;
/** The most unused connections to one origin. */
const MOST_KEPT = 128;

interface Kept {
  readonly socket: Socket;
  readonly since: number;
  readonly forget: () => void;
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
    const latest = performance.now() - REST_MS;
    // The one that was used last among those that have rested.
    const index = kept.findLastIndex(({ since }) => since <= latest);
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
    const forget = (): void => {
      clearTimeout(timer);
      socket.off('data', drop).off('end', drop).off('close', drop).off('error', drop);
    };
    socket.on('data', drop).on('end', drop).on('close', drop).on('error', drop);
    kept.push({ socket, since: performance.now(), forget });
  }

  close(): void {
    this.isClosed = true;
    for (const kept of this.byOrigin.values()) for (const { socket } of kept) socket.destroy();
  }
}
