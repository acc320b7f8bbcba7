import { requestOrigin } from '@tidings/runtime';
import type { FastifyRequest } from 'fastify';
import type { ListSlice } from './list-query.js';

/** A part of a list. */
export interface ListPage<T> {
  /** How many there are in the whole list. */
  readonly total: number;
  readonly entries: readonly T[];
}

interface PageLink {
  readonly href: string;
}

/** A list as Event Notifications answers it; the entries are under their own name. */
export interface ListEnvelope {
  readonly total_count: number;
  readonly offset: number;
  readonly limit: number;
  readonly first: PageLink;
  readonly previous?: PageLink;
  readonly next?: PageLink;
}

/** @param plural under which name the entries are */
export function listEnvelope<T>(
  request: FastifyRequest,
  { limit, offset }: ListSlice,
  plural: string,
  { total, entries }: ListPage<T>,
): ListEnvelope & Readonly<Record<string, unknown>> {
  const link = (to: number): PageLink => ({ href: linkTo(request, limit, to) });
  return {
    total_count: total,
    offset,
    limit,
    [plural]: entries,
    first: link(0),
    ...(offset > 0 && { previous: link(Math.max(0, offset - limit)) }),
    ...(offset + limit < total && { next: link(offset + limit) }),
  };
}

/** The same list from somewhere else. Without a usable Host header it is relative to the origin. */
function linkTo(request: FastifyRequest, limit: number, offset: number): string {
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('limit', String(limit));
  parameters.set('offset', String(offset));
  return `${requestOrigin(request.protocol, request.headers.host)}${path}?${parameters.toString()}`;
}
