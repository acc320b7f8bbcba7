import { DomainError, type PageRequest } from '@tidings/runtime';
import { PAGE, PAGE_SIZE } from './page-parameters.js';
import { parsePageNumber, parsePageSize } from './page-request.js';
import { Parameter } from './query-parameters.js';

/** The parameters of a list that comes in pages, as they came. */
export class PageQuery {
  @Parameter(PAGE)
  page?: string;

  @Parameter(PAGE_SIZE)
  page_size?: string;
}

/** @throws {DomainError} `invalid_page` when there can be no such page */
export function pageRequestOf(query: PageQuery): PageRequest {
  const number = parsePageNumber(query.page);
  if (number === undefined) throw new DomainError('invalid_page');
  return { number, size: parsePageSize(query.page_size) };
}
