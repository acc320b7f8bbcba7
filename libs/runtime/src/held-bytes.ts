import { DomainError } from './errors.js';

/**
 * How much all requests together may hold of bodies that are still arriving: unfinished lines, and events that wait for
 * their chunk. One request holds little; thousands that each stop in the middle of a line would fill the memory.
 */
export class HeldBytes {
  private total = 0;

  /** @param limit bytes */
  constructor(private readonly limit: number) {}

  /** For one request; to be released at its end. */
  open(): HeldShare {
    let own = 0;
    return {
      set: (bytes) => {
        this.total += bytes - own;
        const hasGrown = bytes > own;
        own = bytes;
        // Waiting would not help: the others may wait for room as well.
        if (hasGrown && this.total > this.limit) throw new DomainError('overloaded');
      },
      release: () => {
        this.total -= own;
        own = 0;
      },
    };
  }
}

/** What one request holds. */
export interface HeldShare {
  /** @param bytes altogether, as of now. @throws {DomainError} `overloaded` where all requests together hold too much */
  readonly set: (bytes: number) => void;
  readonly release: () => void;
}
