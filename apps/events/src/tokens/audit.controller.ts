import { Controller, Get, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { AuditRepository, type KeptAuditEntry, Requires } from '@tidings/access';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAvailability } from '@tidings/database';
import { answerPage } from '../paging/page-answer.js';
import { pageRequestOf } from '../paging/page-query.js';
import { QueryParameters } from '../paging/query-parameters.js';
import { AuditListQuery, auditFilterOf } from './audit-query.js';

interface AuditView {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly id: string; readonly name: string };
  readonly action: string;
  readonly subject: string;
  /** Null: it was not there. */
  readonly before: unknown;
  /** Null: it is not there any more. */
  readonly after: unknown;
}

/** Who changed what. */
@Controller('api/audit')
@Requires('admin')
@UseInterceptors(DatabaseAvailability)
export class AuditController {
  constructor(private readonly audit: AuditRepository) {}

  @Get()
  async list(
    @Query(new QueryParameters(AuditListQuery)) query: AuditListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditView[]> {
    const page = pageRequestOf(query);
    const { total, entries } = await this.audit.page(auditFilterOf(query), page);
    answerPage(request, reply, page, total);
    return entries.map(auditView);
  }
}

function auditView({ at, ...entry }: KeptAuditEntry): AuditView {
  const { id, actor, action, subject, before, after } = entry;
  return { id, at: at.toISOString(), actor, action, subject, before, after };
}
