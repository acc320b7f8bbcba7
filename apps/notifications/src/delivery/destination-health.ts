import type { AttemptResult } from '../destination-types/destination-type.js';
import type { DestinationWatch } from './dispatcher.js';

/** A destination that has done nothing but fail for so long is disabled: five days. */
export const DISABLE_AFTER_SECONDS = 5 * 86_400;
/** Whoever was not called for so long begins anew: longer than the longest pause between two attempts. */
const QUIET_SECONDS = 2 * 86_400;
/** Failures are noted this often, milliseconds. */
const NOTE_MS = 1_000;

export interface FailureStore {
  noteFailures(
    destinationIds: readonly string[],
    limits: { readonly afterSeconds: number; readonly quietSeconds: number },
  ): Promise<readonly string[]>;
}

/** Disables a destination, unless it is already. */
export type DisableDestination = (destinationId: string, reason: string, lastStatus: string) => Promise<void>;

/** Sees which destinations fail, and has those disabled that fail for too long, or want to be left alone. */
export class DestinationHealth implements DestinationWatch {
  /** Destination to the status of its last failure. */
  private readonly failing = new Map<string, string>();
  private readonly gone = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private noting: Promise<void> | undefined;

  constructor(
    private readonly store: FailureStore,
    private readonly disable: DisableDestination,
    private readonly report: (message: string) => void,
    private readonly afterSeconds = DISABLE_AFTER_SECONDS,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.noteNow(), NOTE_MS);
  }

  delivered(destinationId: string): void {
    this.failing.delete(destinationId);
  }

  failed(destinationId: string, { outcome, status }: AttemptResult): void {
    if (outcome !== 'gone') {
      this.failing.set(destinationId, status);
      return;
    }
    this.gone.set(destinationId, status);
    void this.noteNow();
  }

  /** Notes what it has seen, and disables what has to be. */
  async noteNow(): Promise<void> {
    await this.noting;
    if (this.failing.size === 0 && this.gone.size === 0) return;
    await (this.noting ??= this.note().finally(() => (this.noting = undefined)));
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.noteNow();
  }

  private async note(): Promise<void> {
    const failing = new Map(this.failing);
    const gone = new Map(this.gone);
    this.failing.clear();
    this.gone.clear();
    try {
      for (const [id, status] of gone) await this.disable(id, `it answered ${status} Gone`, status);
      if (failing.size === 0) return;
      const limits = { afterSeconds: this.afterSeconds, quietSeconds: QUIET_SECONDS };
      const days = Math.round(this.afterSeconds / 86_400);
      for (const id of await this.store.noteFailures([...failing.keys()], limits)) {
        await this.disable(id, `every delivery has failed for ${days} days`, failing.get(id) ?? '');
      }
    } catch (error) {
      // Those that are gone say so again at the next attempt; the others are noted at theirs.
      this.report(`Failing destinations cannot be noted for now: ${String(error)}`);
    }
  }
}
