import { Controller, Get, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { Caller, Requires, type Principal } from '@tidings/access';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAvailability } from '@tidings/database';
import { QueryParameters } from '../paging/query-parameters.js';
import { shownFieldsNamed } from '../query/event-json.js';
import { filterOf, orderOf } from '../query/event-query.js';
import { EventExportQuery, type ExportFormat } from './export-query.js';
import { ExportService } from './export.service.js';
import { cutStalledReader, READER_PATIENCE } from './stalled-reader.js';

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  cloudevents: 'application/x-ndjson; charset=utf-8',
};

const EXTENSIONS: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'ndjson',
  csv: 'csv',
  cloudevents: 'cloudevents.ndjson',
};

/** All events that match, however many, as a file. */
@Controller('api/events/export')
@Requires('events:read')
@UseInterceptors(DatabaseAvailability)
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  /** An answer that breaks off, instead of ending, is not whole. */
  @Get()
  async export(
    @Query(new QueryParameters(EventExportQuery)) query: EventExportQuery,
    @Caller() { id, scopes }: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = query.format ?? 'ndjson';
    void reply
      .header('content-type', MEDIA_TYPES[format])
      .header('content-disposition', `attachment; filename="events.${EXTENSIONS[format]}"`)
      .header('cache-control', 'no-store');
    if (request.method === 'HEAD') {
      await reply.send();
      return;
    }
    const stream = await this.exports.open(
      id,
      filterOf(query),
      scopes,
      orderOf(query),
      shownFieldsNamed(query.field),
      format,
    );
    // Gone before there was anything to send it.
    if (reply.raw.destroyed) {
      stream.destroy();
      return;
    }
    cutStalledReader(reply.raw, READER_PATIENCE);
    await reply.send(stream);
  }
}
