import { IsOneOf } from '../paging/parameter-rules.js';
import { Parameter } from '../paging/query-parameters.js';

const ACTIVE: Readonly<Record<string, boolean>> = { true: true, false: false };

/** The parameters of the list of tokens. */
export class TokenListQuery {
  @Parameter({ description: 'Only tokens that are good now, or only revoked and expired ones.', example: 'true' })
  @IsOneOf(Object.keys(ACTIVE))
  active?: string;

  @Parameter({ description: 'Number of the page, from 1, or `last`.', example: '1' })
  page?: string;

  @Parameter({ description: 'How many entries a page has, up to 300.', example: '10' })
  page_size?: string;
}

/** @returns undefined for all of them */
export function activityOf(query: TokenListQuery): boolean | undefined {
  return ACTIVE[query.active ?? ''];
}
