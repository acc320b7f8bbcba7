import { setImmediate as breathe } from 'node:timers/promises';
import type { EachBatchPayload, OffsetsByTopicPartition } from 'kafkajs';
import type { TransportLog } from '../log.js';
import { KAFKA_TIMING } from './kafka-options.js';

const NOTHING: OffsetsByTopicPartition = { topics: [] };

/** What a batch's payload says and does of offsets: it is the whole membership's, and stays true after the batch. */
type GroupOffsets = Pick<EachBatchPayload, 'uncommittedOffsets' | 'commitOffsetsIfNecessary'>;

/**
 * Commits all that is finished. Batches that finish side by side share a commit: the coordinator of a group takes some
 * milliseconds for each, and takes those of one connection one after another. A commit that failed is made again although
 * no batch follows; a partition that is quiet would otherwise look as if it were not read.
 */
export class OffsetCommits {
  private offsets: GroupOffsets | undefined;
  /** Not begun yet: whatever finishes until then goes with it. */
  private next: Promise<void> | undefined;
  private last: Promise<void> = Promise.resolve();
  private readonly retrying: NodeJS.Timeout;

  /** @param isMember is it this member that may commit, now? */
  constructor(
    private readonly isMember: () => boolean,
    private readonly log: TransportLog,
  ) {
    this.retrying = setInterval(() => this.retry(), KAFKA_TIMING.heartbeatEveryMs);
    this.retrying.unref();
  }

  async commit(offsets: GroupOffsets): Promise<void> {
    this.offsets = offsets;
    if (this.next === undefined) {
      const next = this.last
        .catch(() => undefined)
        .then(() => breathe())
        .then(() => {
          this.next = undefined;
          return offsets.commitOffsetsIfNecessary(offsets.uncommittedOffsets());
        });
      this.next = next;
      this.last = next;
    }
    return this.next;
  }

  /** Where the member is in a partition, where that is not committed yet. */
  positionOf(kafkaTopic: string, partition: number): bigint | undefined {
    const offset = this.uncommitted()
      .topics.find(({ topic }) => topic === kafkaTopic)
      ?.partitions.find((one) => one.partition === partition)?.offset;
    return offset === undefined ? undefined : BigInt(offset);
  }

  stop(): void {
    clearInterval(this.retrying);
  }

  private uncommitted(): OffsetsByTopicPartition {
    return this.isMember() ? (this.offsets?.uncommittedOffsets() ?? NOTHING) : NOTHING;
  }

  private retry(): void {
    if (this.offsets === undefined || this.next !== undefined || this.uncommitted().topics.length === 0) return;
    this.commit(this.offsets).catch((error: unknown) => {
      this.log('debug', 'offsets could not be committed yet', { error: String(error) });
    });
  }
}
