import { Injectable } from '@nestjs/common';
import { DELIVERY_LIMITS } from '@tidings/catalogue';

/** Longer than rules take, unless the bus is behind. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = DELIVERY_LIMITS.remembered.value;

/**
 * Notifications that were sent through this process a moment ago. A notification is known by its deliveries, and there are
 * none until rules have taken it; until then its sender is told that it is pending, not that there is no such thing.
 */
@Injectable()
export class RecentNotifications {
  /** When each was sent, oldest first; by instance and id. */
  private readonly sentAt = new Map<string, number>();

  remember(instanceId: string, id: string, now = performance.now()): void {
    const key = keyOf(instanceId, id);
    this.sentAt.delete(key);
    this.sentAt.set(key, now);
    for (const [oldest, at] of this.sentAt) {
      if (this.sentAt.size <= MAX_REMEMBERED && now - at <= REMEMBERED_MS) return;
      this.sentAt.delete(oldest);
    }
  }

  has(instanceId: string, id: string, now = performance.now()): boolean {
    const at = this.sentAt.get(keyOf(instanceId, id));
    return at !== undefined && now - at <= REMEMBERED_MS;
  }
}

function keyOf(instanceId: string, id: string): string {
  return `${instanceId} ${id}`;
}
