import type { Principal } from '@tidings/access';
import type { EventFilter } from '../query/event-filter.js';

/** An event of the store as streams hand it out: everything that any of their formats shows. Keys as 32 hex digits. */
export interface LiveEvent {
  /** Where the event stands in the store: what a stream resumes behind. Text, opaque to clients. */
  readonly position: string;
  readonly id: string;
  readonly typeId: number;
  readonly system: string;
  readonly type: string;
  readonly nativeType: string;
  readonly source: string;
  readonly subject: string | undefined;
  readonly eventId: string;
  /** RFC 3339, in the producer's own precision. */
  readonly time: string;
  readonly message: string;
  /** The payload's JSON text. */
  readonly data: string;
  /** The extension attributes, and a dataschema that is not the type's own, as JSON text. */
  readonly attributes: string | undefined;
}

/** Why a stream ends. */
export type StreamEnd = 'slow' | 'revoked' | 'expired' | 'shutting-down' | 'unavailable';

export interface LiveListener {
  /** Called in the order of the positions; false: the listener has no room for more, and is ended as `slow`. */
  take(event: LiveEvent): boolean;
  /**
   * Asked before each event of the past, which waits as long: undefined when there is room for it, otherwise a promise
   * of that. Without it, whatever comes is handed to `take` as fast as it is read.
   */
  room?(): Promise<void> | undefined;
  /** All that concerns the listener up to this position has been handed to it; called when it goes live, for one. */
  reached?(position: string): void;
  /** Called once, however the stream ends, also where nobody says so to the client: nothing is handed over any more. */
  over?(): void;
  /** Called once, and nothing after it. */
  end(reason: StreamEnd): void;
}

export interface LiveRequest {
  readonly filter: EventFilter;
  /** Whose scopes bound what is seen; the stream ends within two seconds of the end of its token. */
  readonly principal: Principal;
  /** Begin behind this position, out of the store; undefined: what is stored from now on. */
  readonly after?: string;
  /** Without a position: begin with what was stored at this time or later, microseconds since the Unix epoch. */
  readonly since?: bigint;
}

/** What is stored from now on, for any number of listeners: each process reads a new row once. */
export abstract class LiveEvents {
  /**
   * @returns stops it; `end` is not called then
   * @throws {DomainError} `invalid_query` for a position that is none, `overloaded` when the token has too many open
   */
  abstract follow(request: LiveRequest, listener: LiveListener): Promise<() => void>;
}
