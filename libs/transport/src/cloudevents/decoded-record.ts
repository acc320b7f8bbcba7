import type { Problem } from '@tidings/catalogue';
import type { EventAttributes } from './attribute-names.js';
import type { RawNative } from './native-marks.js';

/** An event as its message has it. */
export interface DecodedEvent {
  readonly kind: 'event';
  readonly event: EventAttributes;
  /** The event's time, microseconds since the Unix epoch. */
  readonly micros: bigint;
  /** JSON text as it came, not parsed yet. */
  readonly data: Buffer;
  /** The gateway made it from a system's own event, which the system will not send again. */
  readonly native: boolean;
}

/** What a message turned out to be. */
export type DecodedRecord =
  | DecodedEvent
  | { readonly kind: 'raw-native'; readonly raw: RawNative }
  | { readonly kind: 'undecodable'; readonly problems: readonly Problem[]; readonly native: boolean };
