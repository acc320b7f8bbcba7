import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, pageCount, type PageRequest, requestOrigin } from '@tidings/runtime';
import { pageLinks } from './page-links.js';
import { pageWithin } from './page-request.js';

/**
 * Sets the headers of a page: how many entries the whole list has, and where its other pages are.
 * @param total how many entries the whole list has
 * @throws {DomainError} `invalid_page` when the page lies behind the end; `url_too_long` when no link could repeat the query
 */
export function answerPage(request: FastifyRequest, reply: FastifyReply, asked: PageRequest, total: number): void {
  const number = pageWithin(asked, total);
  if (number === undefined) throw new DomainError('invalid_page');
  const origin = requestOrigin(request.protocol, request.headers.host);
  const count = pageCount(total, asked.size);
  const links = pageLinks({ origin, url: request.url, number, count });
  if (links === undefined) throw new DomainError('url_too_long');
  void reply.header('X-Result-Count', String(total));
  void reply.header('Link', links);
}
