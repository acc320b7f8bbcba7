import { DomainError } from '@tidings/runtime';
import { parseNumberedCursor, readCursor, type PageCursor } from '../paging/page-cursor.js';
import { parsePageBytes, parsePageNumber, parsePageSize } from '../paging/page-request.js';
import type { EventFilter, EventOrder } from './event-filter.js';

/** Which events of a list a page holds: by a number, from 1, or beside an event. */
export interface EventPosition {
  readonly page: number | 'last' | PageCursor;
  readonly size: number;
  /** Where the page is beside an event: which one it is, if that is known. It is told to clients that count. */
  readonly number?: number;
  /** The request names a page by its number: so do the links. */
  readonly isCounting?: boolean;
  /** A page ends after so many bytes of events; undefined: it does not. */
  readonly bytes?: number;
}

/** The parameters of a list that comes in pages, as they came. */
export interface PositionQuery {
  readonly page?: string;
  readonly cursor?: string;
  readonly page_size?: string;
  readonly page_bytes?: string;
}

/**
 * @param key what cursors are sealed with
 * @throws {DomainError} `invalid_page` when there can be no such page
 */
export function positionOf(query: PositionQuery, key: Buffer, binding: string): EventPosition {
  const size = parsePageSize(query.page_size);
  const numbered = parsePageNumber(query.page);
  const isCounting = query.page !== undefined && typeof numbered === 'number';
  const given = query.cursor ?? query.page;
  const beside = given === undefined ? undefined : parseNumberedCursor(given);
  const isBeside = query.cursor !== undefined || beside !== undefined;
  const page = isBeside ? readCursor(beside?.cursor ?? '', key, binding) : numbered;
  if (page === undefined) throw new DomainError('invalid_page');
  const bytes = parsePageBytes(query.page_bytes);
  const number = isCounting ? numbered : beside?.number;
  return {
    page,
    size,
    isCounting,
    ...(isBeside && number !== undefined && { number }),
    ...(bytes !== undefined && { bytes }),
  };
}

/** What a cursor holds for: the same events, in the same order, seen by the same caller; the page's size may change. */
export function bindingOf(filter: EventFilter, order: EventOrder, scopes: readonly string[]): string {
  return JSON.stringify([filter, order, [...scopes].sort()], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}
