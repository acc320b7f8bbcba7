import { hash } from 'node:crypto';
import { v7 as newId } from 'uuid';
import type { SourcePlan } from './source-plan.js';

/** An event that some subscription takes, as it will lie in the table. */
export interface MatchedEvent {
  /** 32 hex digits. */
  readonly key: string;
  /** 32 hex digits. */
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string | undefined;
  readonly micros: bigint;
  readonly kafkaKey: string | undefined;
  readonly body: string;
  readonly deliveries: readonly MatchedDelivery[];
}

/** One delivery to be. */
export interface MatchedDelivery {
  readonly id: string;
  readonly instanceId: string;
  readonly sourceId: string;
  readonly topicId: string;
  readonly subscriptionId: string;
  readonly destinationId: string;
  readonly notificationId: string;
}

export interface SourceCount {
  readonly instanceId: string;
  readonly sourceId: string;
  received: number;
  matched: number;
  suppressed: number;
}

/** What a batch of messages comes down to: written in one transaction. */
export interface BatchLoad {
  readonly configurationVersion: bigint;
  readonly events: readonly MatchedEvent[];
  readonly counts: readonly SourceCount[];
}

/** Counts of sources, added up over a batch. */
export class SourceTally {
  private readonly byPlan = new Map<SourcePlan, SourceCount>();

  of(plan: SourcePlan): SourceCount {
    let count = this.byPlan.get(plan);
    if (count === undefined) {
      count = { instanceId: plan.instance.id, sourceId: plan.source.id, received: 0, matched: 0, suppressed: 0 };
      this.byPlan.set(plan, count);
    }
    return count;
  }

  counts(): readonly SourceCount[] {
    return [...this.byPlan.values()];
  }
}

/** A new delivery's id; ids sort by the time at which they were made. */
export function deliveryId(): string {
  return newId();
}

/**
 * Names an event within an instance: the same whenever the event is matched again. A uuid of version 8, whose free bits
 * are a hash.
 * @param key the event's identity
 */
export function notificationId(key: string, instanceId: string): string {
  const digits = hash('sha256', `${key}\u0000${instanceId}`, 'hex');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
