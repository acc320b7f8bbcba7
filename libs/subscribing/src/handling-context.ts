import type { BatchControl } from '@tidings/transport';

/** Where an event, or the first of several, came from, and what its handler may ask of the consumer. */
export interface HandlingContext {
  readonly kafkaTopic: string;
  readonly partition: number;
  readonly offset: string;
  /** 1 for the first attempt. After a restart of the process it counts anew. */
  readonly attempt: number;
  /** Says that a handler that works for minutes is alive; otherwise the watchdog takes it for a hang. */
  heartbeat(): void;
  /** True when the consumer stops or another member has the partition: a handler of minutes does well to give up. */
  isStale(): boolean;
}

/** The context of one attempt. */
export class Attempt implements HandlingContext {
  readonly #control: BatchControl;

  constructor(
    readonly kafkaTopic: string,
    readonly partition: number,
    readonly offset: string,
    readonly attempt: number,
    control: BatchControl,
  ) {
    this.#control = control;
  }

  heartbeat(): void {
    void this.#control.heartbeat();
  }

  isStale(): boolean {
    return this.#control.isStale();
  }
}
