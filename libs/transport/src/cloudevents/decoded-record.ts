import type { Problem } from '@tidings/catalogue';
import type { EventAttributes } from './attribute-names.js';
import type { RawNative } from './native-marks.js';

/** What a message turned out to be. */
export type DecodedRecord =
  | {
      readonly kind: 'event';
      readonly event: EventAttributes;
      /** JSON text as it came, not parsed yet. */
      readonly data: Buffer;
      /** The gateway made it from a system's own event. */
      readonly native: boolean;
    }
  | { readonly kind: 'raw-native'; readonly raw: RawNative }
  | { readonly kind: 'undecodable'; readonly problems: readonly Problem[]; readonly native: boolean };
