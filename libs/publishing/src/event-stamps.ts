import { randomUUID } from 'node:crypto';

/**
 * A UUIDv7: its first 48 bits are the time in milliseconds, so that ids made one after another lie side by side in an
 * index; the rest is random. Made of a version 4, whose randomness Node draws in bulk.
 */
export function timeOrderedId(milliseconds: number): string {
  if (milliseconds !== prefixTime) {
    const time = milliseconds.toString(16).padStart(12, '0');
    prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
    prefixTime = milliseconds;
  }
  return prefix + randomUUID().slice(15);
}

/** The beginning that all ids of a millisecond share: a busy producer makes dozens of them. */
let prefix = '';
let prefixTime = Number.NaN;

/**
 * The wall clock with microseconds. JavaScript's own stops at milliseconds, and two events of one millisecond would have
 * no order; the monotonic clock tells how far into the millisecond they are.
 */
export class MicrosecondClock {
  private millisecond = 0;
  private begun = 0;
  private last = 0;
  private text = '';

  /** @returns the present in RFC 3339, UTC, six digits; later than what it returned before within the same millisecond */
  now(): string {
    const millisecond = Date.now();
    const monotonic = performance.now();
    if (millisecond !== this.millisecond) {
      this.millisecond = millisecond;
      this.begun = monotonic;
      this.last = -1;
      this.text = new Date(millisecond).toISOString().slice(0, -1);
    }
    const elapsed = Math.floor((monotonic - this.begun) * 1_000);
    this.last = Math.min(999, Math.max(elapsed, this.last + 1));
    return `${this.text}${String(this.last).padStart(3, '0')}Z`;
  }
}
