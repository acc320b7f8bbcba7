import { OUTBOX_BUCKETS } from './outbox-table.js';

/** Who hands out buckets. */
export interface BucketLocks {
  relays(): Promise<number>;
  take(bucket: number): Promise<boolean>;
  release(bucket: number): Promise<void>;
}

/** The buckets of one relay: it takes its share of them, and gives back what is more when others come. */
export class BucketShare {
  private readonly held = new Set<number>();

  constructor(private readonly locks: BucketLocks) {}

  get buckets(): readonly number[] {
    return [...this.held];
  }

  /** @param settled awaited before a bucket is given back: nothing of it may be on its way then */
  async balance(settled: () => Promise<void>): Promise<void> {
    const share = Math.ceil(OUTBOX_BUCKETS / (await this.locks.relays()));
    if (this.held.size > share) await settled();
    for (const bucket of [...this.held].slice(share)) {
      await this.locks.release(bucket);
      this.held.delete(bucket);
    }
    for (let bucket = 0; bucket < OUTBOX_BUCKETS && this.held.size < share; bucket += 1) {
      if (!this.held.has(bucket) && (await this.locks.take(bucket))) this.held.add(bucket);
    }
  }
}
