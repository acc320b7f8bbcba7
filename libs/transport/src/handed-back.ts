/**
 * Thrown by a batch handler that gives a batch back before its end. It is no failure: what was done stays done, and the
 * rest comes again. Without a pause it means that the control is stale: the consumer stops, or another member has the
 * partition. With a pause the rest waits for something, and the partition rests so long while the others go on.
 */
export class HandedBack extends Error {
  override readonly name = 'HandedBack';

  /**
   * @param doneTo the offset up to which, itself included, everything was handled; undefined where nothing was
   * @param pauseMs how long the partition rests before the rest comes again; undefined: not at all
   */
  constructor(
    readonly doneTo: string | undefined,
    readonly pauseMs?: number,
  ) {
    super('the batch was handed back before its end');
  }
}
