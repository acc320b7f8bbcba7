import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionOfKey } from './partitioning.js';

describe('which partition a key belongs to', () => {
  // The vectors of Apache Kafka's own test of murmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as the Java client does', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('agrees with the default partitioner of kafkajs', () => {
    const partitioner = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 7 }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      partitionErrorCode: 0,
      replicas: [1],
      isr: [1],
    }));
    for (let n = 0; n < 300; n += 1) {
      const key = `${'k'.repeat(n % 9)}ü${n * n}`;
      const expected = partitioner({ topic: 't', partitionMetadata, message: { key, value: '' } });
      expect(partitionOfKey(key, 7)).toBe(expected);
    }
  });
});
