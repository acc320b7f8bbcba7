import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, pageCount, requestOrigin } from '@tidings/runtime';
import { linkHeader, type LinkTargets } from '../paging/link-header.js';
import { writeCursor } from '../paging/page-cursor.js';
import { pageParameter } from '../paging/page-links.js';
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
 * Sets the headers of a page of events: how many there are, and where the other pages are. `next` is always a position:
 * what arrives meanwhile moves nothing, and a page far behind is as fast as the first.
 * @throws {DomainError} `url_too_long` when no link could repeat the query
 */
export function answerEventPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { page, size }: EventPosition,
  found: PageFindings,
  cursors: { readonly key: Buffer; readonly binding: string },
): void {
  const { total, isExact, firstId, lastId } = found;
  const beside = (id: string, direction: 'next' | 'prev') =>
    writeCursor({ id, direction, total, isExact }, cursors.key, cursors.binding);
  const last = pageCount(total, size);
  const number = page === 'last' && isExact ? last : page;
  const targets: LinkTargets = {
    first: null,
    ...(found.hasPrevious &&
      (typeof number === 'number'
        ? { prev: pageParameter(number - 1) }
        : firstId !== undefined && { prev: beside(firstId, 'prev') })),
    ...(found.hasNext && lastId !== undefined && { next: beside(lastId, 'next') }),
    ...(isExact && { last: pageParameter(last) }),
  };
  const links = linkHeader(requestOrigin(request.protocol, request.headers.host), request.url, targets);
  if (links === undefined) throw new DomainError('url_too_long');
  void reply.header('X-Result-Count', String(total));
  if (!isExact) void reply.header('X-Result-Count-Exact', 'false');
  void reply.header('Link', links);
}
