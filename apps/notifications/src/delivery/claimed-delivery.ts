/** How long a claim holds, seconds. Longer than an attempt may take, so that only a process that stands still loses one. */
export const LEASE_SECONDS = 30;

/** A delivery that this process has to itself until its lease ends. */
export interface ClaimedDelivery {
  readonly id: string;
  /** The fencing token: whoever completes must still hold it. */
  readonly token: string;
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
  /** The CloudEvent in structured JSON. Null: it is not there any more. */
  readonly eventText: string | null;
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
}
