import { QUERY_LIMITS } from '@tidings/catalogue';
import { DomainError } from '@tidings/runtime';
import type { EventOrder } from './event-filter.js';
import type { PageFindings } from './event-page-answer.js';
import type { EventPosition } from './event-position.js';
import type { PageSlice } from './event-statement.js';
import type { PageEntry } from './event.repository.js';

/** Up to how many the events of a list are counted. */
export const MAX_COUNTED = 100_000;

/** How many events a list has, or how many at least. */
export interface Total {
  readonly total: number;
  readonly isExact: boolean;
}

/**
 * What to read for a page. One event more than it holds tells whether there is a next; pages that are named from behind
 * are read backwards.
 * @param known undefined: count, too
 * @throws {DomainError} `invalid_page` when the page is known to lie behind the end
 */
export function sliceOf(position: EventPosition, order: EventOrder, known: Total | undefined): PageSlice {
  const { bytes } = position;
  const most = QUERY_LIMITS.pageBytes.value;
  return { ...rowsOf(position, order, known), bytes: Math.min(bytes ?? most, most) };
}

function rowsOf({ page, size }: EventPosition, order: EventOrder, known: Total | undefined): PageSlice {
  if (typeof page === 'object') {
    return { order: page.direction === 'next' ? order : reversed(order), behind: page.id, limit: size + 1 };
  }
  const counting = known === undefined ? { countUpTo: MAX_COUNTED + 1 } : {};
  if (page === 'last') {
    const rest = known?.isExact === true ? ((Math.max(known.total, 1) - 1) % size) + 1 : size;
    return { order: reversed(order), limit: known === undefined ? { remainder: size } : rest, ...counting };
  }
  const offset = Math.min((page - 1) * size, Number.MAX_SAFE_INTEGER);
  if (page > 1 && known?.isExact === true && offset >= known.total) throw new DomainError('invalid_page');
  return { order, offset, limit: size + 1, ...counting };
}

/**
 * What a page holds, and where it stands among the others. Where it has more bytes than are asked for, it ends there, and
 * the next page goes on behind it.
 * @param read what was read for it
 * @throws {DomainError} `invalid_page` when it lies behind the end
 */
export function findingsOf(
  { page, size, bytes }: EventPosition,
  total: Total,
  read: readonly PageEntry[],
): { readonly page: PageFindings; readonly entries: readonly PageEntry[] } {
  if (typeof page === 'number' && page > 1 && read.length === 0) throw new DomainError('invalid_page');
  const full = read.slice(0, size);
  const taken = bytes === undefined ? full : fitting(full);
  const hasMore = read.length > taken.length;
  const isBackwards = page === 'last' || (typeof page === 'object' && page.direction === 'prev');
  const entries = isBackwards ? [...taken].reverse() : taken;
  const isBeyondFirst = typeof page === 'object' || (typeof page === 'number' && page > 1);
  return {
    entries,
    page: {
      total: total.total,
      isExact: total.isExact,
      firstId: entries[0]?.id,
      lastId: entries.at(-1)?.id,
      hasPrevious: page === 'last' ? total.total > entries.length : isBackwards ? hasMore : isBeyondFirst,
      hasNext: page !== 'last' && (isBackwards || hasMore),
    },
  };
}

/** Those that came along, one at least. */
function fitting(entries: readonly PageEntry[]): readonly PageEntry[] {
  const end = entries.findIndex(({ event }, index) => event === undefined && index > 0);
  return end < 0 ? entries : entries.slice(0, end);
}

/** The only page of a list in which nothing can be. */
export function emptyPage(position: EventPosition): PageFindings & { readonly json: string } {
  return { ...findingsOf(position, { total: 0, isExact: true }, []).page, json: '[]' };
}

function reversed(order: EventOrder): EventOrder {
  return order === 'newest-first' ? 'oldest-first' : 'newest-first';
}
