import { Inject, Injectable } from '@nestjs/common';
import { type AuditEntry, parseScopePattern, type Principal } from '@tidings/access';
import { Catalogue } from '@tidings/catalogue';
import { DomainError, type Environment, ENVIRONMENT, type PageRequest } from '@tidings/runtime';
import { RAW_NATIVE_HEADER, TransportError, type OutgoingRecord, type RecordPublisher } from '@tidings/transport';
import { PUBLISHER } from '../broker.module.js';
import type { KeptLetter, KeptLetterFilter, KeptLetterSummary } from './kept-letter.js';
import { KeptLetterRepository, type KeptLetterPage, type LetterScopes } from './kept-letter.repository.js';
import { summaryView } from './dead-letter.dto.js';
import { originalRecord, repairedRecord, type LetterRepair } from './letter-repair.js';
import { foreignSource, sourceOf } from './letter-source.js';

/** Lists, reads, repairs and removes what could not be stored as an event. */
@Injectable()
export class DeadLetterService {
  constructor(
    private readonly letters: KeptLetterRepository,
    @Inject(PUBLISHER) private readonly publisher: RecordPublisher,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly catalogue: Catalogue,
  ) {}

  async page(filter: KeptLetterFilter, caller: Principal, page: PageRequest): Promise<KeptLetterPage> {
    return this.letters.page(filter, letterScopes(caller), page);
  }

  /** @throws {DomainError} `not_found`, also where it belongs to others */
  async find(id: string, caller: Principal): Promise<KeptLetter> {
    const letter = await this.letters.find(id, letterScopes(caller));
    if (letter === undefined) throw new DomainError('not_found');
    return letter;
  }

  /**
   * Sends a letter's message again, where the ingest and the subscribers read it like any other. The letter stays, so that
   * it can be told what became of it. Sending twice does no harm: an identity is stored once.
   * @throws {DomainError} `not_found`; `invalid_query`; `source_not_allowed`; `broker_unavailable`; `event_too_large`;
   *   `conflict` when the broker refuses it, or what the repair does not give is not kept
   */
  async retry(id: string, repair: LetterRepair, caller: Principal): Promise<KeptLetterSummary> {
    const letter = await this.find(id, caller);
    const { maxEventBytes: limit, publishDeadlineMs: deadlineMs, kafka } = this.environment;
    if (repair.value !== undefined && Buffer.byteLength(repair.value) > limit) {
      throw new DomainError('event_too_large', { limit });
    }
    const record = repairedRecord(letter, repair, this.catalogue, kafka.prefix);
    this.checkSource(letter, record, caller);
    try {
      await this.publisher.publish([record], { deadlineMs });
    } catch (error) {
      throw error instanceof TransportError ? refusal(error, limit) : error;
    }
    const after = { kafka_topic: record.kafkaTopic, source: sourceOf(record) ?? null, repaired: Object.keys(repair) };
    return (await this.letters.markRetried(id, auditEntry(caller, 'retry', letter, after))) ?? letter;
  }

  /** @throws {DomainError} `not_found` */
  async remove(id: string, caller: Principal): Promise<void> {
    const letter = await this.find(id, caller);
    if (!(await this.letters.remove(id, auditEntry(caller, 'delete', letter)))) throw new DomainError('not_found');
  }

  /** A repair speaks for nobody whom the message did not speak for, unless the caller may publish as them anyway. */
  private checkSource(letter: KeptLetter, record: OutgoingRecord, caller: Principal): void {
    if (typeof letter.headers[RAW_NATIVE_HEADER] === 'string') return;
    const source = foreignSource(originalRecord(letter), record, caller, this.catalogue);
    if (source !== undefined) throw new DomainError('source_not_allowed', { source });
  }
}

/** A letter has no scopes of its own payload, so that it takes the whole site, or more. */
function letterScopes({ scopes }: Principal): LetterScopes {
  const patterns = scopes.flatMap((scope) => parseScopePattern(scope) ?? []);
  if (patterns.some(({ system }) => system === undefined)) return undefined;
  return patterns.flatMap(({ system, site, kind, isWildcard }) => {
    if (system === undefined || kind !== undefined) return [];
    if (site === undefined) return [{ system }];
    return isWildcard ? [] : [{ system, site }];
  });
}

function auditEntry(caller: Principal, action: string, letter: KeptLetter, after?: object): AuditEntry {
  const { id, name } = caller;
  const before = summaryView(letter);
  return { actor: { id, name }, action: `dead_letter.${action}`, subject: `dead_letter:${letter.id}`, before, after };
}

function refusal(error: TransportError, limit: number): DomainError {
  if (error.retriable) return new DomainError('broker_unavailable', {}, { cause: error });
  if (error.code === 'TOO_LARGE') return new DomainError('event_too_large', { limit }, { cause: error });
  return new DomainError('conflict', { reason: `It was not sent: ${error.message}.` }, { cause: error });
}
