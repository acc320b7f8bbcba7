import { expect, it } from 'vitest';
import { type BucketLocks, BucketShare } from './bucket-share.js';
import { OUTBOX_BUCKETS } from './outbox-table.js';

/** The locks of a database, and who holds them. */
class Locks {
  readonly holders = new Map<number, string>();
  relays = 0;

  of(name: string): BucketLocks {
    return {
      relays: () => Promise.resolve(this.relays),
      take: (bucket) => {
        if (this.holders.has(bucket)) return Promise.resolve(false);
        this.holders.set(bucket, name);
        return Promise.resolve(true);
      },
      release: (bucket) => {
        expect(this.holders.get(bucket)).toBe(name);
        this.holders.delete(bucket);
        return Promise.resolve();
      },
    };
  }
}

const settled = () => Promise.resolve();

it.each([1, 2, 3, 5, 16])('divides the buckets among %i relays without leaving one out', async (count) => {
  const locks = new Locks();
  const shares = Array.from({ length: count }, (_share, index) => new BucketShare(locks.of(`relay ${index}`)));
  for (const share of shares) {
    locks.relays += 1;
    await share.balance(settled);
  }
  for (const share of [...shares, ...shares]) await share.balance(settled);
  expect(locks.holders.size).toBe(OUTBOX_BUCKETS);
  const most = Math.max(...shares.map(({ buckets }) => buckets.length));
  expect(most).toBe(Math.ceil(OUTBOX_BUCKETS / count));
  expect(shares.reduce((sum, { buckets }) => sum + buckets.length, 0)).toBe(OUTBOX_BUCKETS);
});

it('gives a bucket back only when nothing is on its way', async () => {
  const locks = new Locks();
  locks.relays = 1;
  const share = new BucketShare(locks.of('relay'));
  await share.balance(settled);
  locks.relays = 2;
  const heldMeanwhile: number[] = [];
  await share.balance(async () => void heldMeanwhile.push(locks.holders.size));
  expect(heldMeanwhile).toEqual([OUTBOX_BUCKETS]);
  expect(share.buckets).toHaveLength(OUTBOX_BUCKETS / 2);
});
