import { TransportError, type OutgoingRecord, type RecordPublisher } from '@tidings/transport';
import type { AnnouncementRepository, UnannouncedLetter } from './announcement.repository.js';

/** The kafkaTopic of dead letters, without the prefix. */
export const DEAD_LETTER_TOPIC = 'tidings.dead-letters';

export interface AnnouncerOptions {
  readonly repository: AnnouncementRepository;
  readonly publisher: RecordPublisher;
  /** With the prefix. */
  readonly kafkaTopic: string;
  /** Makes the kafkaTopic where it has been deleted. */
  readonly makeTopic: () => Promise<void>;
  readonly report: (message: string) => void;
}

const EVERY_MS = 10_000;

/**
 * Tells of dead letters on their kafkaTopic, once they are in the table: neither the ingest nor the database waits for it.
 * After a crash a letter may be told twice, but none is left untold.
 */
export class DeadLetterAnnouncer {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isFailing = false;
  private stopped = false;

  constructor(private readonly options: AnnouncerOptions) {}

  /** Tells of what an earlier process left untold, and looks again from time to time. */
  start(): void {
    this.timer = setInterval(() => this.wake(), EVERY_MS);
    this.timer.unref();
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.settled();
  }

  /** Until what is under way is done. */
  async settled(): Promise<void> {
    await this.running;
  }

  /** There are new letters. Returns at once. */
  wake(): void {
    this.isWanted = true;
    if (this.stopped) return;
    this.running ??= this.work().finally(() => {
      this.running = undefined;
    });
  }

  private async work(): Promise<void> {
    while (this.isWanted && !this.stopped) {
      this.isWanted = false;
      try {
        await this.announce();
        if (this.isFailing) this.options.report(`${this.options.kafkaTopic} takes dead letters again`);
        this.isFailing = false;
      } catch (error) {
        this.complain(error);
        return;
      }
    }
  }

  /** Announces all that are waiting. @throws when Kafka or the database does not take it */
  async announce(): Promise<void> {
    const { repository } = this.options;
    await repository.alone(async (client) => {
      for (;;) {
        const letters = await repository.next(client);
        if (letters.length === 0 || this.stopped) return;
        await this.publish(letters);
        await repository.markAnnounced(
          client,
          letters.map(({ id }) => id),
        );
      }
    });
  }

  private async publish(letters: readonly UnannouncedLetter[]): Promise<void> {
    try {
      await this.options.publisher.publish(letters.map((letter) => this.recordOf(letter)));
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      // The table holds it whole; with its reason in the headers it may just not fit the kafkaTopic any more.
      if (error.code === 'TOO_LARGE') return;
      if (error.code === 'UNKNOWN_TOPIC') return await this.publishAnew(letters);
      // One that cannot be encoded is told of in the table only.
      if (error.code !== 'INVALID_RECORD') throw error;
      if (letters.length > 1) for (const letter of letters) await this.publish([letter]);
    }
  }

  private async publishAnew(letters: readonly UnannouncedLetter[]): Promise<void> {
    await this.options.makeTopic();
    await this.options.publisher.publish(letters.map((letter) => this.recordOf(letter)));
  }

  private complain(error: unknown): void {
    const { kafkaTopic, report } = this.options;
    const why = error instanceof Error ? error.message : String(error);
    // Said once an outage, not once an attempt.
    if (!this.isFailing && !this.stopped) {
      report(`${kafkaTopic} cannot be told of dead letters, which wait in the table: ${why}`);
    }
    this.isFailing = true;
  }

  private recordOf(letter: UnannouncedLetter): OutgoingRecord {
    return {
      kafkaTopic: this.options.kafkaTopic,
      key: letter.key,
      value: letter.value,
      headers: {
        ...letter.headers,
        'tidings-reason': letter.reason,
        'tidings-detail': letter.detail,
        'tidings-kafka-topic': letter.kafkaTopic,
        'tidings-kafka-partition': String(letter.kafkaPartition),
        'tidings-kafka-offset': letter.kafkaOffset,
      },
    };
  }
}
