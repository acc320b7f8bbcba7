import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Catalogue } from '@tidings/catalogue';
import { criteriaOf } from '../query/event-criteria.js';
import type { EventFilter, EventOrder } from '../query/event-filter.js';
import type { ShownField } from '../query/event-json.js';
import { TypeDictionaryRepository } from '../query/type-dictionary.repository.js';
import type { ExportFormat } from './export-query.js';
import { exportStatement } from './export-statement.js';
import { ExportRepository } from './export.repository.js';

/** Writes all events that match, of one snapshot. */
@Injectable()
export class ExportService {
  constructor(
    private readonly exports: ExportRepository,
    private readonly types: TypeDictionaryRepository,
    private readonly catalogue: Catalogue,
  ) {}

  /** @returns bytes; a stream that fails was not whole */
  async open(
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
