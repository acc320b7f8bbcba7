import type { OutgoingRecord } from '@tidings/transport';
import type { ConnectorJournal } from './connector-journal.js';
import type { Gap } from './gap-events.js';
import type { NativeFlow } from './native-flow.js';

/** Where a connector goes on after its process has ended. */
export interface PositionKeeper {
  load(): Promise<unknown>;
  save(position: object): Promise<void>;
}

/** What a running connector has to do with. */
export interface ConnectorSession {
  readonly flow: NativeFlow;
  readonly journal: ConnectorJournal;
  readonly position: PositionKeeper;
  /** Up to when nothing was missing as this process took the connector over, milliseconds. */
  readonly coveredBefore: number | undefined;
  /** Why there may be a gap since then. */
  readonly reasonBefore: Gap['reason'];
  /** Makes the event that tells of a gap. */
  gap(from: number, to: number, reason: Gap['reason']): OutgoingRecord;
}

/** A connector that goes and gets. */
export interface RunningConnector {
  /**
   * One connection's life, or one round of asking.
   * @returns how long to wait before the next, milliseconds
   * @throws {ConnectorFailure} why it could not go on: it is called again, after longer and longer pauses
   */
  attempt(signal: AbortSignal): Promise<number>;
  /** Lets go of what outlives attempts. */
  close?(): Promise<void>;
}
