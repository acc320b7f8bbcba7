import type { EventReader, Outcome, Problem } from '@tidings/catalogue';
import type { IncomingRecord } from '@tidings/transport';

/** An event as it will lie in the store; uuids and keys as 32 hex digits. */
export interface EventRow {
  /** The identity's key in the ledger. */
  readonly key: string;
  /** The event's uuid: its time and its identity. */
  readonly id: string;
  /** Microseconds since the Unix epoch. */
  readonly micros: bigint;
  /** Its producer gave no time: this is when it arrived. */
  readonly isArrivalTime: boolean;
  readonly type: EventReader;
  /** A catalogue declares its type. */
  readonly isDeclared: boolean;
  readonly source: string;
  readonly kafkaTopic: string;
  readonly kafkaPartition: number;
  /** The message that it came in; it is needed again where the row becomes a dead letter. */
  readonly record: IncomingRecord;
  readonly tenant: string | undefined;
  readonly project: string | undefined;
  readonly actor: string | undefined;
  readonly relatedUser: string | undefined;
  readonly authMethod: string | undefined;
  readonly personalToken: string | undefined;
  readonly outcome: Outcome | undefined;
  readonly eventId: string;
  readonly subject: string | undefined;
  readonly message: string;
  /** What text queries look through; see `searchTextOf`. */
  readonly searchText: string;
  /** The payload's JSON text as it came, UTF-8. */
  readonly data: Buffer;
  /** JSON text of what has no column: a time finer than microseconds, a dataschema not the type's own, extensions. */
  readonly attributes: string | undefined;
  /** Why the payload does not conform; nothing when it does. */
  readonly problems: readonly Problem[];
}
