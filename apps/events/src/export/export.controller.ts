import { Controller, Get, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, Requires, type Principal } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAvailability } from '@tidings/database';
import { EventsRequests } from '../paging/events-requests.js';
import { EXAMPLE_EVENT } from '../query/event.dto.js';
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
@EventsRequests()
@ApiTags('Events')
@Fails('too_many_requests', 'database_unavailable')
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  @Get()
  @ApiOperation({
    summary: 'Gives all matching events, however many, as a file.',
    description:
      'A single snapshot, in the requested order, as fast as the client reads it: what is stored meanwhile is not in it. An answer that breaks off, instead of ending, is incomplete.',
  })
  @ApiOkResponse({
    description: 'One event, or one CloudEvent, per line; or CSV with a header row.',
    content: {
      'application/x-ndjson': { schema: { type: 'string' }, example: `${JSON.stringify(EXAMPLE_EVENT)}\n` },
      'text/csv': { schema: { type: 'string' }, example: 'uuid,created,event_type,message,context\n' },
    },
  })
  async export(
    @Query() query: EventExportQuery,
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
