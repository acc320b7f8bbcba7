import { PAGE, PAGE_SIZE } from '../paging/page-parameters.js';
import { IsOneOf } from '../paging/parameter-rules.js';
import { Parameter } from '../paging/query-parameters.js';

const ACTIVE: Readonly<Record<string, boolean>> = { true: true, false: false };

/** The parameters of the list of tokens. */
export class TokenListQuery {
  @Parameter({ description: 'Only tokens that are good now, or only revoked and expired ones.', example: 'true' })
  @IsOneOf(Object.keys(ACTIVE))
  active?: string;

  @Parameter(PAGE)
  page?: string;

  @Parameter(PAGE_SIZE)
  page_size?: string;
}

/** @returns undefined for all of them */
export function activityOf(query: TokenListQuery): boolean | undefined {
  return ACTIVE[query.active ?? ''];
}
