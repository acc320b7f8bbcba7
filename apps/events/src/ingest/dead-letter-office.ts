import { TransportError, type HeaderValue, type OutgoingRecord, type RecordPublisher } from '@tidings/transport';
import type { DeadLetter } from './dead-letter.js';
import type { DeadLetterRepository, StoreTransaction } from './dead-letter.repository.js';

/** The kafkaTopic of dead letters, without the prefix. */
export const DEAD_LETTER_TOPIC = 'tidings.dead-letters';

/** Keeps dead letters in their table and tells of them on their kafkaTopic. */
export class DeadLetterOffice {
  constructor(
    private readonly repository: DeadLetterRepository,
    private readonly publisher: RecordPublisher,
    private readonly kafkaTopic: string,
  ) {}

  /** Tells before the caller's transaction commits: after a crash a letter may be told twice, but is never untold. */
  async keep(client: StoreTransaction, letters: readonly DeadLetter[]): Promise<void> {
    const added = await this.repository.add(client, letters);
    if (added.length === 0) return;
    try {
      await this.publisher.publish(added.map((letter) => this.recordOf(letter)));
    } catch (error) {
      // The table holds it whole; with its reason in the headers it may just not fit the kafkaTopic any more.
      if (error instanceof TransportError && error.code === 'TOO_LARGE') return;
      throw error;
    }
  }

  private recordOf({ reason, detail, kafkaTopic, kafkaPartition, record }: DeadLetter): OutgoingRecord {
    return {
      kafkaTopic: this.kafkaTopic,
      key: record.key,
      value: record.value,
      headers: {
        ...presentHeaders(record.headers),
        'tidings-reason': reason,
        'tidings-detail': detail,
        'tidings-kafka-topic': kafkaTopic,
        'tidings-kafka-partition': String(kafkaPartition),
        'tidings-kafka-offset': record.offset,
      },
    };
  }
}

function presentHeaders(headers: DeadLetter['record']['headers']): Record<string, HeaderValue> {
  const present: Record<string, HeaderValue> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) present[name] = value;
  return present;
}
