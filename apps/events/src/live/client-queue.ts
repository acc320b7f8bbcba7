import { STREAM_LIMITS } from '@tidings/catalogue';
import type { QueuedBytes } from './queued-bytes.js';

/** The past is handed over only while less than this share of the queue is taken: the present needs the rest. */
const PAST_SHARE = 0.2;

/** Counts what has been written to a client and has not left the process yet. */
export class ClientQueue {
  private readonly messages = new Set<Buffer>();
  private bytes = 0;
  private isClosed = false;
  private waiting: (() => void)[] = [];

  /** @param all what waits for this and all other clients */
  constructor(private readonly all: QueuedBytes) {}

  /**
   * @param message one that does not wait here already
   * @returns false when there is no room; nothing has changed then. The last message may be of any length
   */
  enter(message: Buffer): boolean {
    const { queuedMessages, clientBytes } = STREAM_LIMITS;
    if (this.isClosed || this.messages.size >= queuedMessages.value || this.bytes >= clientBytes.value) return false;
    if (this.all.isOver && this.isBusy) return false;
    this.messages.add(message);
    this.bytes += message.length;
    this.all.add(message);
    return true;
  }

  leave(message: Buffer): void {
    if (!this.messages.delete(message)) return;
    this.bytes -= message.length;
    this.all.remove(message);
    if (this.isBusy) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const proceed of waiting) proceed();
  }

  /**
   * Nothing waits for this client any more. Not every connection says of each message that it will never leave: of one
   * that was never opened, for one, nobody does.
   */
  close(): void {
    this.isClosed = true;
    for (const message of this.messages) this.all.remove(message);
    this.messages.clear();
    this.bytes = 0;
  }

  /** Room for the past: undefined when there is, otherwise a promise of some, after which it has to be asked again. */
  room(): Promise<void> | undefined {
    if (this.isBusy) return new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.all.isFull ? this.all.room() : undefined;
  }

  private get isBusy(): boolean {
    const { queuedMessages, clientBytes } = STREAM_LIMITS;
    return this.messages.size > queuedMessages.value * PAST_SHARE || this.bytes > clientBytes.value * PAST_SHARE;
  }
}
