import { MemoryTransport, type RecordPublisher } from '@tidings/transport';
import { recordedEvent, type RecordedEvent } from './recorded-event.js';

/** A broker in memory that has every kafkaTopic, and remembers the events that it was sent, in their order. */
export class RecordingTransport extends MemoryTransport {
  readonly events: RecordedEvent[] = [];

  override async createPublisher(): Promise<RecordPublisher> {
    const inner = await super.createPublisher();
    return {
      publish: async (records, options) => {
        const kafkaTopics = [...new Set(records.map(({ kafkaTopic }) => kafkaTopic))];
        await this.ensureTopics(kafkaTopics.map((kafkaTopic) => ({ kafkaTopic, partitions: 1, replicationFactor: 1 })));
        const places = await inner.publish(records, options);
        for (const [index, record] of records.entries()) {
          const place = places[index];
          if (place !== undefined) this.events.push(recordedEvent(record, place));
        }
        return places;
      },
      close: () => inner.close(),
    };
  }
}
