import type { ClaimedDelivery } from './claimed-delivery.js';

interface HeldEvent {
  readonly text: string | null;
  readonly bytes: number;
  users: number;
}

/** The events whose deliveries this process holds: each text once, however many deliveries and claims it came with. */
export class HeldEvents {
  private readonly events = new Map<string, HeldEvent>();
  private sum = 0;

  /** Of all of them, in UTF-8. */
  get bytes(): number {
    return this.sum;
  }

  /** @returns the delivery with the text that is held already, where there is one */
  hold(delivery: ClaimedDelivery): ClaimedDelivery {
    const { eventKey, eventText, bytes } = delivery;
    const held = this.events.get(eventKey);
    if (held === undefined) {
      this.events.set(eventKey, { text: eventText, bytes, users: 1 });
      this.sum += bytes;
      return delivery;
    }
    held.users += 1;
    return held.text === null ? delivery : { ...delivery, eventText: held.text };
  }

  release({ eventKey }: ClaimedDelivery): void {
    const held = this.events.get(eventKey);
    if (held === undefined || (held.users -= 1) > 0) return;
    this.events.delete(eventKey);
    this.sum -= held.bytes;
  }
}
