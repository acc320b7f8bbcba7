import { setTimeout as wait } from 'node:timers/promises';
import type { Completion } from './claimed-delivery.js';

/** How long an outcome waits for others, milliseconds: a statement for each would cost more than all of the delivery. */
const LINGER_MS = 4;
/** The most outcomes in one statement. */
const BATCH = 500;
/** After the database refused, milliseconds; the last repeats. */
const PAUSES_MS = [50, 200, 500, 1_000, 2_000] as const;

/** What the log writes through. */
export interface CompletionStore {
  complete(completions: readonly Completion[]): Promise<number>;
}

interface Entry {
  readonly completion: Completion;
  readonly onWritten: (() => void) | undefined;
}

/**
 * Writes down how deliveries went, many at once. What cannot be written is tried again until its lease must have ended:
 * then somebody else delivers it once more, which is what at-least-once means.
 */
export class CompletionLog {
  private waiting: Entry[] = [];
  private writing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosing = false;

  constructor(
    private readonly store: CompletionStore,
    private readonly report: (message: string) => void,
    private readonly giveUpAfterMs: number,
  ) {}

  /** How many outcomes have not been written down. */
  get size(): number {
    return this.waiting.length;
  }

  /** @param onWritten called when it is written down; not where that fails for good */
  add(completion: Completion, onWritten?: () => void): void {
    this.waiting.push({ completion, onWritten });
    if (this.writing !== undefined) return;
    if (this.waiting.length >= BATCH || this.isClosing) this.write();
    else this.timer ??= setTimeout(() => this.write(), LINGER_MS);
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    this.isClosing = true;
    while (this.waiting.length > 0 || this.writing !== undefined) {
      this.write();
      await this.writing;
    }
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.writing !== undefined || this.waiting.length === 0) return;
    const batch = this.waiting.slice(0, BATCH);
    this.waiting = this.waiting.slice(BATCH);
    this.writing = this.writeBatch(batch).finally(() => {
      this.writing = undefined;
      if (this.waiting.length >= BATCH || (this.isClosing && this.waiting.length > 0)) this.write();
      else if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.write(), LINGER_MS);
    });
  }

  private async writeBatch(batch: readonly Entry[]): Promise<void> {
    const giveUpAt = performance.now() + (this.isClosing ? 0 : this.giveUpAfterMs);
    for (let attempt = 0; ; attempt += 1) {
      try {
        const kept = await this.store.complete(batch.map(({ completion }) => completion));
        const lost = batch.length - kept;
        for (const { onWritten } of batch) onWritten?.();
        if (lost > 0) this.report(`${lost} outcomes came after their lease had ended, and were not written down`);
        return;
      } catch (error) {
        const pause = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 0;
        if (performance.now() + pause >= giveUpAt) {
          this.report(
            `${batch.length} outcomes could not be written down; they will be delivered again: ${String(error)}`,
          );
          return;
        }
        if (attempt === 0) this.report(`Outcomes cannot be written down for now: ${String(error)}`);
        await wait(pause);
      }
    }
  }
}
