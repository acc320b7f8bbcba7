import type { PartitionerArgs, RecordMetadata } from 'kafkajs';
import { partitionOfKey } from '../partitioning.js';
import type { RecordPlace } from '../port.js';
import type { TopicRecords } from '../send-queue.js';

/**
 * Chooses partitions by Java's rule, so that every client puts a key into the same one; records without a key go round.
 * It remembers what it chose, because the broker answers with the first offset of each partition alone: the rest is told
 * by the order in which the records went there.
 */
export class PartitionChooser {
  private next = Math.floor(Math.random() * 1024);
  private readonly chosen = new Map<string, number[]>();

  /** Forgets the attempt before; one is on its way at a time. */
  begin(): void {
    this.chosen.clear();
  }

  readonly partitioner = (given: PartitionerArgs): number => {
    const partition = this.choose(given);
    const chosen = this.chosen.get(given.topic);
    if (chosen === undefined) this.chosen.set(given.topic, [partition]);
    else chosen.push(partition);
    return partition;
  };

  /** @param written what the broker answered @returns for each of the batches where its records lie */
  places(batches: readonly TopicRecords[], written: readonly RecordMetadata[]): readonly (readonly RecordPlace[])[] {
    const firsts = new Map(
      written.map(({ topicName, partition, baseOffset }) => [
        `${partition} ${topicName}`,
        // Of 64 bits; Kafka would have to take a million messages a second for 285 years before a number is not exact.
        Number(baseOffset ?? -1),
      ]),
    );
    return batches.map(({ kafkaTopic }) => {
      const next = new Map<number, number>();
      return (this.chosen.get(kafkaTopic) ?? []).map((partition) => {
        const offset = next.get(partition) ?? firsts.get(`${partition} ${kafkaTopic}`) ?? -1;
        next.set(partition, offset + 1);
        return { partition, offset: String(offset) };
      });
    });
  }

  private choose({ partitionMetadata, message: { key } }: PartitionerArgs): number {
    if (key !== null && key !== undefined) return partitionOfKey(key, partitionMetadata.length);
    this.next += 1;
    const able = partitionMetadata.filter(({ leader }) => leader >= 0);
    const from = able.length > 0 ? able : partitionMetadata;
    return from[this.next % from.length]?.partitionId ?? 0;
  }
}
