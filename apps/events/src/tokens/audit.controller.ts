import { Controller, Get, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditRepository, Requires } from '@tidings/access';
import { AlsoHead, ApiPageResponse, Fails } from '@tidings/openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAvailability } from '@tidings/database';
import { answerPage } from '../paging/page-answer.js';
import { pageRequestOf } from '../paging/page-query.js';
import { EventsRequests } from '../paging/events-requests.js';
import { AuditListQuery, auditFilterOf } from './audit-query.js';
import { AuditRecord, auditView } from './audit.dto.js';

/** Who changed what. */
@Controller('api/audit')
@Requires('admin')
@UseInterceptors(DatabaseAvailability)
@EventsRequests()
@ApiTags('Tokens')
@Fails('invalid_page', 'database_unavailable')
export class AuditController {
  constructor(private readonly audit: AuditRepository) {}

  @Get()
  @AlsoHead()
  @ApiOperation({ summary: 'Lists who changed what.' })
  @ApiPageResponse('A page, newest first.', AuditRecord)
  async list(
    @Query() query: AuditListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditRecord[]> {
    const page = pageRequestOf(query);
    const { total, entries } = await this.audit.page(auditFilterOf(query), page);
    answerPage(request, reply, page, total);
    return entries.map(auditView);
  }
}
