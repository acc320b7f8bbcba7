import { finished, Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { Catalogue } from '@tidings/catalogue';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import { criteriaOf } from '../query/event-criteria.js';
import type { EventFilter, EventOrder } from '../query/event-filter.js';
import type { ShownField } from '../query/event-json.js';
import { TypeDictionaryRepository } from '../query/type-dictionary.repository.js';
import { TokenShares } from '../query/token-shares.js';
import type { ExportFormat } from './export-query.js';
import { exportStatement } from './export-statement.js';
import { ExportRepository } from './export.repository.js';

/** An export that has just been read to its end still commits: whoever asks next waits that long for it, milliseconds. */
const PATIENCE_MS = 2_000;
const MOST_WAITING = 10;

/** Writes all events that match, of one snapshot. */
@Injectable()
export class ExportService {
  private readonly shares: TokenShares;

  constructor(
    private readonly exports: ExportRepository,
    private readonly types: TypeDictionaryRepository,
    private readonly catalogue: Catalogue,
    @Inject(ENVIRONMENT) { quotas }: Pick<Environment, 'quotas'>,
  ) {
    const { exportsPerToken: most } = quotas;
    const refusal = `This token has ${most === 1 ? 'an export' : `${most} exports`} under way, which is as many as it may have. Read it to its end, or close it.`;
    this.shares = new TokenShares({ most, patienceMs: PATIENCE_MS, waiting: MOST_WAITING, refusal });
  }

  /**
   * @param tokenId whose export it is
   * @returns bytes; a stream that fails was not whole
   * @throws {DomainError} `too_many_requests`, `overloaded`
   */
  async open(
    tokenId: string,
    filter: EventFilter,
    scopes: readonly string[],
    order: EventOrder,
    fields: readonly ShownField[],
    format: ExportFormat,
  ): Promise<Readable> {
    const leave = await this.shares.enter(tokenId);
    try {
      const stream = await this.start(filter, scopes, order, fields, format);
      // However it ends: one that fails is not closed by itself.
      finished(stream, { writable: false }, leave);
      return stream;
    } catch (error) {
      leave();
      throw error;
    }
  }

  private async start(
    filter: EventFilter,
    scopes: readonly string[],
    order: EventOrder,
    fields: readonly ShownField[],
    format: ExportFormat,
  ): Promise<Readable> {
    const criteria = criteriaOf(filter, scopes, await this.types.current(), this.catalogue);
    if (criteria === undefined) return Readable.from(format === 'csv' ? [Buffer.from(`${fields.join(',')}\n`)] : []);
    return this.exports.open(exportStatement(criteria, order, fields, format, this.catalogue));
  }
}
