/** How long a claim holds, seconds. Longer than an attempt may take, so that only a process that stands still loses one. */
export const LEASE_SECONDS = 30;

/** A delivery that this process has to itself until its lease ends. */
export interface ClaimedDelivery {
  readonly id: string;
  /** The fencing token: whoever completes must still hold it. */
  readonly token: string;
  /** When the lease ends, by a clock that never goes back, milliseconds. */
  readonly leaseUntil: number;
  readonly instanceId: string;
  readonly destinationId: string;
  readonly subscriptionId: string;
  readonly notificationId: string;
  /** Which configuration decided that there is this delivery. */
  readonly configurationVersion: bigint;
  /** Made so far, in all rounds. */
  readonly attempts: number;
  /** Made before it was tried again by hand. */
  readonly attemptsBefore: number;
  /** The event's identity. */
  readonly eventKey: string;
  /** Those with the same key are delivered one after another; undefined: in any order. */
  readonly orderKey: string | undefined;
  /** The CloudEvent in structured JSON, one text for all deliveries of the event. Null: it is not there any more. */
  readonly eventText: string | null;
  /** Of that text in UTF-8. */
  readonly bytes: number;
  readonly kafkaKey: string | null;
}

/** What came of a claim. */
export interface Completion {
  readonly id: string;
  readonly token: string;
  readonly state: 'waiting' | 'delivered' | 'failed' | 'cancelled';
  /** Before it is due again; 0 where it is not waiting. */
  readonly pauseSeconds: number;
  /** Undefined: nothing was sent, and so nothing is logged or counted. */
  readonly attempt?: CompletedAttempt;
  readonly destinationId: string;
}

export interface CompletedAttempt {
  /** From 1, over all rounds. */
  readonly number: number;
  readonly latencyMs: number;
  /** When it ended, by a clock that never goes back, milliseconds: only the time since then is used. */
  readonly endedAt: number;
  readonly outcome: string;
  readonly status: string;
  readonly problem: string | undefined;
  readonly responseHead: string | undefined;
}

/** How many deliveries may be claimed for a destination. */
export interface DestinationRoom {
  readonly destinationId: string;
  readonly room: number;
  /** Of their events; one that begins within it is taken whole. */
  readonly bytes: number;
  /** Whether it keeps the order of each entity. */
  readonly isOrdered: boolean;
}

/** How much may be claimed altogether. */
export interface ClaimBounds {
  readonly rows: number;
  readonly bytes: number;
}
