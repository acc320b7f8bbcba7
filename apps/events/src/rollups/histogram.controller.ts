import { Controller, Get, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, Requires, type Principal } from '@tidings/access';
import { AlsoHead, ApiPageResponse, Fails } from '@tidings/openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAvailability } from '@tidings/database';
import { answerPage } from '../paging/page-answer.js';
import { pageRequestOf } from '../paging/page-query.js';
import { pageWithin } from '../paging/page-request.js';
import { EventsRequests } from '../paging/events-requests.js';
import type { CountInterval } from '../query/event-counts.js';
import { filterOf, scopesNamed } from '../query/event-query.js';
import { EventService } from '../query/event.service.js';
import { QueryQuota } from '../query/query-quota.js';
import { HistogramQuery, StatsQuery, type HistogramField } from './histogram-query.js';
import { Histogram, MonthCount } from './histogram.dto.js';
import { HistogramService } from './histogram.service.js';

/** Counts of events by time. */
@Controller('api')
@Requires('events:read')
@UseInterceptors(DatabaseAvailability, QueryQuota)
@EventsRequests()
@ApiTags('Events')
@Fails('too_many_requests', 'database_unavailable')
export class HistogramController {
  constructor(
    private readonly histograms: HistogramService,
    private readonly events: EventService,
  ) {}

  @Get('events/histogram')
  @ApiOperation({ summary: 'Counts events by time and by the values of a field.' })
  @ApiOkResponse({ description: 'Buckets without gaps, oldest first.', type: Histogram })
  async histogram(@Query() query: HistogramQuery, @Caller() { scopes }: Principal): Promise<Histogram> {
    await this.events.checkScopes(scopesNamed(query), scopes);
    // Both are checked by the query's rules.
    const interval = (query.interval ?? 'day') as CountInterval;
    return this.histograms.histogram(filterOf(query), scopes, interval, query.by as HistogramField | undefined);
  }

  /** As Waldur's clients know it. */
  @Get('events-stats')
  @AlsoHead()
  @ApiOperation({ summary: 'Counts events by month.' })
  @ApiPageResponse('Months, the latest first.', MonthCount)
  @Fails('invalid_page')
  async stats(
    @Query() query: StatsQuery,
    @Caller() { scopes }: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<readonly MonthCount[]> {
    const page = pageRequestOf(query);
    const months = await this.histograms.months(scopes);
    answerPage(request, reply, page, months.length);
    const begin = ((pageWithin(page, months.length) ?? 1) - 1) * page.size;
    return months.slice(begin, begin + page.size);
  }
}
