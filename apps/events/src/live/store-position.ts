import { invalidQuery } from '@tidings/runtime';

/**
 * Where a row stands among all rows, in the order in which they became visible to readers: its transaction, and its place
 * within it. The time of an event, and the sequence alone, are no such order: transactions commit when they like.
 */
export interface StorePosition {
  readonly transaction: bigint;
  readonly sequence: bigint;
}

const TEXT = /^(\d{1,20})-(\d{1,19})$/;
const MAX_TRANSACTION = 2n ** 64n - 1n;

/** Behind every row of its transaction. */
export const LAST_SEQUENCE = 2n ** 63n - 1n;

/** @returns negative when `a` stands before `b`, zero for the same */
export function comparePositions(a: StorePosition, b: StorePosition): number {
  if (a.transaction !== b.transaction) return a.transaction < b.transaction ? -1 : 1;
  return a.sequence < b.sequence ? -1 : a.sequence > b.sequence ? 1 : 0;
}

/** As clients see it: opaque, and short. */
export function positionText({ transaction, sequence }: StorePosition): string {
  return `${transaction}-${sequence}`;
}

/** @throws {DomainError} `invalid_query` for a text that is no position */
export function parsePosition(text: string): StorePosition {
  const match = TEXT.exec(text);
  const position = { transaction: BigInt(match?.[1] ?? -1), sequence: BigInt(match?.[2] ?? -1) };
  if (match === null || position.transaction > MAX_TRANSACTION || position.sequence > LAST_SEQUENCE) {
    throw notAPosition();
  }
  return position;
}

/** What is said of a position that no event of this store has given. */
export function notAPosition(): Error {
  return invalidQuery({
    last_event_id: ['This is no position of this stream. Send the id of the last event that you have received.'],
  });
}
