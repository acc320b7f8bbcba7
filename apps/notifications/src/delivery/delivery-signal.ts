import { Injectable } from '@nestjs/common';

/** The channel on which whoever puts deliveries into the table says so, in the same transaction. */
export const DELIVERIES_CHANNEL = 'tidings_deliveries';

/** Tells the dispatcher of this process that deliveries wait: quicker than the database's own notification. */
@Injectable()
export class DeliverySignal {
  private readonly listeners = new Set<() => void>();

  /** To be called after the commit. */
  wake(): void {
    for (const listener of this.listeners) listener();
  }

  /** @returns how to stop that */
  onWake(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
