import type { BatchControl } from './port.js';

/** What one batch in hand needs to know of the consumer that handed it out. */
export interface BatchOwner {
  /** False when the consumer is stopping, or another member may have the partition by now. */
  ownsPartitions(): boolean;
  /** Somebody does something: what the watchdog waits for. */
  noteLife(): void;
}

/** The control that a handler is given. */
export class BatchWork implements BatchControl {
  private over = false;

  constructor(private readonly owner: BatchOwner) {}

  async heartbeat(): Promise<void> {
    if (!this.over) this.owner.noteLife();
  }

  isStale(): boolean {
    return this.over || !this.owner.ownsPartitions();
  }

  /** The handler is done; what it left running must not take effect any more. */
  end(): void {
    this.over = true;
  }
}
