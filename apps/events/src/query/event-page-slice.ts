import { DomainError } from '@tidings/runtime';
import type { EventOrder } from './event-filter.js';
import type { PageFindings } from './event-page-answer.js';
import type { EventPosition } from './event-position.js';
import type { PageSlice } from './event-statement.js';
import type { StoredEvent } from './event.repository.js';

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
export function sliceOf({ page, size }: EventPosition, order: EventOrder, known: Total | undefined): PageSlice {
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
 * What a page holds, and where it stands among the others.
 * @param read what was read for it
 * @throws {DomainError} `invalid_page` when it lies behind the end
 */
export function findingsOf(
  { page, size }: EventPosition,
  total: Total,
  read: readonly StoredEvent[],
): { readonly page: PageFindings; readonly events: readonly StoredEvent[] } {
  if (typeof page === 'number' && page > 1 && read.length === 0) throw new DomainError('invalid_page');
  const hasMore = read.length > size;
  const isBackwards = page === 'last' || (typeof page === 'object' && page.direction === 'prev');
  const taken = read.slice(0, size);
  const events = isBackwards ? taken.reverse() : taken;
  const isBeyondFirst = typeof page === 'object' || (typeof page === 'number' && page > 1);
  return {
    events,
    page: {
      total: total.total,
      isExact: total.isExact,
      firstId: events[0]?.id,
      lastId: events.at(-1)?.id,
      hasPrevious: page === 'last' ? total.total > events.length : isBackwards ? hasMore : isBeyondFirst,
      hasNext: page !== 'last' && (isBackwards || hasMore),
    },
  };
}

/** The only page of a list in which nothing can be. */
export function emptyPage(position: EventPosition): PageFindings & { readonly json: string } {
  return { ...findingsOf(position, { total: 0, isExact: true }, []).page, json: '[]' };
}

function reversed(order: EventOrder): EventOrder {
  return order === 'newest-first' ? 'oldest-first' : 'newest-first';
}
