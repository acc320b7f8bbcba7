import { PageQuery } from '../paging/page-query.js';
import { TRUE_OR_FALSE, flagOf } from '../paging/parameter-rules.js';
import { Parameter } from '../paging/query-parameters.js';

/** The parameters of the list of tokens. */
export class TokenListQuery extends PageQuery {
  @Parameter({
    description: 'Only valid tokens, or only revoked and expired ones.',
    example: 'true',
    rule: TRUE_OR_FALSE,
  })
  active?: string;
}

/** @returns undefined for all of them */
export function activityOf(query: TokenListQuery): boolean | undefined {
  return flagOf(query.active);
}
