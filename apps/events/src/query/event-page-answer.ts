import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, pageCount, requestOrigin } from '@tidings/runtime';
import { linkHeader, type LinkTargets, type PageTarget } from '../paging/link-header.js';
import { numberedCursor, writeCursor } from '../paging/page-cursor.js';
import { numberedPage } from '../paging/page-links.js';
import type { EventPosition } from './event-position.js';

/** What a page's headers say. */
export interface PageFindings {
  /** How many events the whole list has, or how many at least. */
  readonly total: number;
  readonly isExact: boolean;
  /** The ids at the page's ends, 32 hex digits; undefined for a page without events. */
  readonly firstId: string | undefined;
  readonly lastId: string | undefined;
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
}

/**
 * Sets the headers of a page of events: how many there are, and where the other pages are. `next` has a position always:
 * what arrives meanwhile moves nothing, and a page far behind is as fast as the first. With it stands the number of the
 * page: for clients that read a number from the link, and then ask by it.
 * @throws {DomainError} `url_too_long` when no link could repeat the query
 */
export function answerEventPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { page, size, number: counted, isCounting }: EventPosition,
  found: PageFindings,
  cursors: { readonly key: Buffer; readonly binding: string },
): void {
  const { total, isExact, firstId, lastId } = found;
  const last = pageCount(total, size);
  const number = typeof page === 'number' ? page : page === 'last' && isExact ? last : counted;
  const beside = (id: string, direction: 'next' | 'prev'): PageTarget => {
    const cursor = writeCursor({ id, direction, total, isExact }, cursors.key, cursors.binding);
    if (number === undefined) return { page: cursor };
    const there = Math.max(1, direction === 'next' ? number + 1 : number - 1);
    return isCounting === true ? { page: String(there), cursor } : { page: numberedCursor(there, cursor) };
  };
  const targets: LinkTargets = {
    first: {},
    ...(found.hasPrevious &&
      (typeof page === 'number'
        ? { prev: numberedPage(page - 1) }
        : firstId !== undefined && { prev: beside(firstId, 'prev') })),
    ...(found.hasNext && lastId !== undefined && { next: beside(lastId, 'next') }),
    ...(isExact && { last: numberedPage(last) }),
  };
  const links = linkHeader(requestOrigin(request.protocol, request.headers.host), request.url, targets);
  if (links === undefined) throw new DomainError('url_too_long');
  void reply.header('X-Result-Count', String(total));
  if (!isExact) void reply.header('X-Result-Count-Exact', 'false');
  void reply.header('Link', links);
}
