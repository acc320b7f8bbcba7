import type { AuditFilter } from '@tidings/access';
import { IsStorableText, IsUnixSeconds } from '../paging/parameter-rules.js';
import { PAGE, PAGE_SIZE } from '../paging/page-parameters.js';
import { Parameter, RepeatedParameter } from '../paging/query-parameters.js';
import { parseUnixSeconds } from '../paging/unix-seconds.js';

const MICROS_PER_SECOND = 1_000_000n;

/** The parameters of the audit log. */
export class AuditListQuery {
  @RepeatedParameter({ description: 'Who changed something: the id of a token, or `admin`.', example: 'admin' })
  @IsStorableText({ each: true })
  actor?: readonly string[];

  @RepeatedParameter({ description: 'What was done.', example: 'token.create' })
  @IsStorableText({ each: true })
  action?: readonly string[];

  @RepeatedParameter({
    description: 'To what it was done.',
    example: 'token:0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d',
  })
  @IsStorableText({ each: true })
  subject?: readonly string[];

  @Parameter({ description: 'From this time on, in seconds since 1970-01-01.', example: '1793606400' })
  @IsUnixSeconds()
  created_from?: string;

  @Parameter({ description: 'Before this time, in seconds since 1970-01-01.', example: '1793692800' })
  @IsUnixSeconds()
  created_to?: string;

  @Parameter(PAGE)
  page?: string;

  @Parameter(PAGE_SIZE)
  page_size?: string;
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

function secondsOf(text: string | undefined): bigint | undefined {
  const micros = text === undefined ? undefined : parseUnixSeconds(text);
  return micros === undefined ? undefined : micros / MICROS_PER_SECOND;
}
