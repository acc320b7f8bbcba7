import type { TransportLog } from '../log.js';
import { errorOfCode } from './reading/kafkajs-internals.js';

/** The partitions that the broker does not hand out although it leads them: rights were taken away, a disk is broken. */
export class PartitionTroubles {
  private readonly troubles = new Map<string, string>();

  constructor(private readonly log: TransportLog) {}

  /** @param errorCode the broker's; 0 where it hands the partition out */
  answered(kafkaTopic: string, partition: number, offset: string, errorCode: number): void {
    if (errorCode === 0) {
      if (this.troubles.size > 0) this.troubles.delete(`${partition} ${kafkaTopic}`);
      return;
    }
    const { message } = errorOfCode(errorCode);
    const place = `${partition} ${kafkaTopic}`;
    const trouble = `kafkaTopic ${kafkaTopic}, partition ${partition} cannot be read at offset ${offset}: ${message}`;
    // Once a trouble, not once a fetch.
    if (this.troubles.get(place) === trouble) return;
    this.troubles.set(place, trouble);
    this.log('warn', 'the broker does not hand out a partition', { kafkaTopic, partition, offset, error: message });
  }

  first(): string | undefined {
    return this.troubles.values().next().value;
  }
}
