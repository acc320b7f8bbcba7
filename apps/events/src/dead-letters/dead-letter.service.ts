import { Inject, Injectable } from '@nestjs/common';
import { DomainError, type Environment, ENVIRONMENT, type PageRequest } from '@tidings/runtime';
import { TransportError, type RecordPublisher } from '@tidings/transport';
import { PUBLISHER } from '../broker.module.js';
import type { KeptLetter, KeptLetterFilter, KeptLetterSummary } from './kept-letter.js';
import { KeptLetterRepository, type KeptLetterPage } from './kept-letter.repository.js';
import { repairedRecord, type LetterRepair } from './letter-repair.js';

/** Lists, reads, repairs and removes what could not be stored as an event. */
@Injectable()
export class DeadLetterService {
  constructor(
    private readonly letters: KeptLetterRepository,
    @Inject(PUBLISHER) private readonly publisher: RecordPublisher,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async page(filter: KeptLetterFilter, page: PageRequest): Promise<KeptLetterPage> {
    return this.letters.page(filter, page);
  }

  /** @throws {DomainError} `not_found` */
  async find(id: string): Promise<KeptLetter> {
    const letter = await this.letters.find(id);
    if (letter === undefined) throw new DomainError('not_found');
    return letter;
  }

  /**
   * Sends a letter's message to its kafkaTopic again, where the ingest reads it like any other. The letter stays, so that
   * it can be told what became of it. Sending twice does no harm: an identity is stored once.
   * @throws {DomainError} `not_found`; `broker_unavailable`; `event_too_large`; `conflict` when the broker refuses it
   */
  async retry(id: string, repair: LetterRepair): Promise<KeptLetterSummary> {
    const letter = await this.find(id);
    const limit = this.environment.maxEventBytes;
    if (repair.value !== undefined && Buffer.byteLength(repair.value) > limit) {
      throw new DomainError('event_too_large', { limit });
    }
    try {
      const deadlineMs = this.environment.publishDeadlineMs;
      await this.publisher.publish([repairedRecord(letter, repair)], { deadlineMs });
    } catch (error) {
      throw error instanceof TransportError ? refusal(error, limit) : error;
    }
    return (await this.letters.markRetried(id)) ?? letter;
  }

  /** @throws {DomainError} `not_found` */
  async remove(id: string): Promise<void> {
    if (!(await this.letters.remove(id))) throw new DomainError('not_found');
  }
}

function refusal(error: TransportError, limit: number): DomainError {
  if (error.retriable) return new DomainError('broker_unavailable', {}, { cause: error });
  if (error.code === 'TOO_LARGE') return new DomainError('event_too_large', { limit }, { cause: error });
  return new DomainError('conflict', { reason: `It was not sent: ${error.message}.` }, { cause: error });
}
