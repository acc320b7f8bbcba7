import { Injectable } from '@nestjs/common';
import { STREAM_LIMITS } from '@tidings/catalogue';

/** What waits for all clients together. Bytes that wait for many of them are in memory once, and count once. */
@Injectable()
export class QueuedBytes {
  private readonly waitingFor = new Map<Buffer, number>();
  private total = 0;
  private emptied: (() => void)[] = [];

  /** Too much waits to read more of the past. */
  get isFull(): boolean {
    return this.total >= STREAM_LIMITS.queuedBytes.value / 2;
  }

  /** So much waits that those who are behind have to go. */
  get isOver(): boolean {
    return this.total >= STREAM_LIMITS.queuedBytes.value;
  }

  add(bytes: Buffer): void {
    const clients = this.waitingFor.get(bytes) ?? 0;
    if (clients === 0) this.total += bytes.length;
    this.waitingFor.set(bytes, clients + 1);
  }

  remove(bytes: Buffer): void {
    const clients = (this.waitingFor.get(bytes) ?? 1) - 1;
    if (clients > 0) {
      this.waitingFor.set(bytes, clients);
      return;
    }
    if (this.waitingFor.delete(bytes)) this.total -= bytes.length;
    if (this.isFull) return;
    const emptied = this.emptied;
    this.emptied = [];
    for (const proceed of emptied) proceed();
  }

  /** Resolves when less waits. */
  async room(): Promise<void> {
    await new Promise<void>((resolve) => this.emptied.push(resolve));
  }
}
