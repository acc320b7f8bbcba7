import type { StorePosition } from './store-position.js';

/** A row of the store, with all that any stream shows or asks about it. Ids and keys as 32 hex digits. */
export interface LiveRow {
  readonly position: StorePosition;
  /** Microseconds since the Unix epoch. */
  readonly storedAt: bigint;
  readonly id: string;
  readonly typeId: number;
  readonly sourceId: number;
  readonly tenant: string | null;
  readonly project: string | null;
  readonly actor: string | null;
  readonly relatedUser: string | null;
  readonly outcome: number | null;
  readonly conforming: boolean;
  readonly eventId: string;
  readonly subject: string | null;
  readonly message: string;
  /** Lower case. */
  readonly searchText: string | null;
  readonly data: string;
  readonly authMethod: string | null;
  readonly personalToken: string | null;
  /** JSON text. */
  readonly attributes: string | null;
}
