import type { AuditFilter } from '@tidings/access';
import { STORABLE_TEXT, UNIX_SECONDS } from '../paging/parameter-rules.js';
import { PageQuery } from '../paging/page-query.js';
import { Parameter, RepeatedParameter } from '../paging/query-parameters.js';
import { secondsOf } from '../paging/unix-seconds.js';

/** The parameters of the audit log. */
export class AuditListQuery extends PageQuery {
  @RepeatedParameter({
    description: 'Who changed something: the id of a token, or `admin`.',
    example: 'admin',
    rule: STORABLE_TEXT,
  })
  actor?: readonly string[];

  @RepeatedParameter({ description: 'The kind of change.', example: 'token.create', rule: STORABLE_TEXT })
  action?: readonly string[];

  @RepeatedParameter({
    description: 'What was changed.',
    example: 'token:0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d',
    rule: STORABLE_TEXT,
  })
  subject?: readonly string[];

  @Parameter({
    description: 'Changes at or after this time (Unix seconds).',
    example: '1793606400',
    rule: UNIX_SECONDS,
  })
  created_from?: string;

  @Parameter({ description: 'Changes before this time (Unix seconds).', example: '1793692800', rule: UNIX_SECONDS })
  created_to?: string;
}

/** What a query that passed its rules asks for. */
export function auditFilterOf(query: AuditListQuery): AuditFilter {
  const createdFrom = secondsOf(query.created_from);
  const createdTo = secondsOf(query.created_to);
  return {
    ...(query.actor !== undefined && { actors: query.actor }),
    ...(query.action !== undefined && { actions: query.action }),
    ...(query.subject !== undefined && { subjects: query.subject }),
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdTo !== undefined && { createdTo }),
  };
}
