import { ClientQueue } from './client-queue.js';
import type { QueuedBytes } from './queued-bytes.js';
import type { LiveEvent, LiveListener, StreamEnd } from './live-events.js';
import type { StreamMetrics } from './stream-metrics.js';

/** How one protocol says what a stream has to say. */
export interface StreamFormat {
  readonly name: 'sse' | 'websocket';
  /** An event, written once for all clients. */
  event(event: LiveEvent): Buffer;
  /** Tells the client where it stands; undefined where the protocol has no word for it. */
  reached(position: string): Buffer | undefined;
}

/** A client's connection. */
export interface StreamSink {
  /** @param done called when the bytes have left the process, or never will */
  send(bytes: Buffer, done: () => void): void;
  /** Says why, as far as the client still listens, and closes. */
  close(reason: StreamEnd): void;
}

/** A client that follows events, with a bounded queue: one that reads too slowly is given up, and holds up nobody. */
export class ClientStream implements LiveListener {
  private readonly queue: ClientQueue;
  private sink: StreamSink | undefined;
  /** What came before the answer was begun. */
  private early: Buffer[] = [];
  private earlyEnd: StreamEnd | undefined;

  constructor(
    private readonly format: StreamFormat,
    private readonly metrics: StreamMetrics,
    queued: QueuedBytes,
  ) {
    this.queue = new ClientQueue(queued);
  }

  take(event: LiveEvent): boolean {
    const bytes = this.format.event(event);
    if (!this.queue.enter(bytes)) return false;
    this.metrics.sent(this.format.name);
    this.write(bytes);
    return true;
  }

  room(): Promise<void> | undefined {
    return this.queue.room();
  }

  reached(position: string): void {
    const bytes = this.format.reached(position);
    if (bytes !== undefined && this.queue.enter(bytes)) this.write(bytes);
  }

  over(): void {
    this.queue.close();
  }

  end(reason: StreamEnd): void {
    this.metrics.ended(this.format.name, reason);
    if (this.sink === undefined) this.earlyEnd = reason;
    else this.sink.close(reason);
  }

  /** The answer has begun: from now on the client is written to. */
  open(sink: StreamSink): void {
    this.sink = sink;
    for (const bytes of this.early.splice(0)) this.write(bytes);
    if (this.earlyEnd !== undefined) sink.close(this.earlyEnd);
  }

  private write(bytes: Buffer): void {
    if (this.sink === undefined) this.early.push(bytes);
    else this.sink.send(bytes, () => this.queue.leave(bytes));
  }
}
