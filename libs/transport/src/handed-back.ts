/**
 * Thrown by a batch handler that gives up because its control is stale: the consumer stops, or another member has the
 * partition. It is no failure: what was done stays done, nobody pauses, and the rest comes again to whoever is next.
 */
export class HandedBack extends Error {
  override readonly name = 'HandedBack';

  /** @param doneTo the offset up to which, itself included, everything was handled; undefined where nothing was */
  constructor(readonly doneTo: string | undefined) {
    super('the batch was handed back before its end');
  }
}
