import { IntegerField, NestedField, TextField } from '@tidings/openapi';
import { requestOrigin } from '@tidings/runtime';
import type { FastifyRequest } from 'fastify';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** Which part of a list is asked for. */
export class ListQuery {
  @IntegerField({
    description: 'How many entries at the most.',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
    optional: true,
    example: DEFAULT_LIMIT,
  })
  limit: number = DEFAULT_LIMIT;

  @IntegerField({
    description: 'How many entries to leave out before them.',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 0,
    optional: true,
    example: 0,
  })
  offset: number = 0;

  @TextField({
    description: 'Only entries with this text in their name or description, whatever the case.',
    maxLength: 100,
    optional: true,
    example: 'production',
  })
  search?: string;
}

/** A link to a page of a list. */
export class PageLink {
  @TextField()
  href!: string;
}

/** A list as Event Notifications answers it; the entries are under their own name. */
export class ListEnvelope {
  @IntegerField({ minimum: 0, example: 1 })
  total_count!: number;

  @IntegerField({ minimum: 0, example: 0 })
  offset!: number;

  @IntegerField({ minimum: 0, example: 10 })
  limit!: number;

  @NestedField(() => PageLink, { optional: true })
  first!: PageLink;

  @NestedField(() => PageLink, { optional: true })
  previous?: PageLink;

  @NestedField(() => PageLink, { optional: true })
  next?: PageLink;
}

/** A part of a list. */
export interface ListPage<T> {
  /** How many there are in the whole list. */
  readonly total: number;
  readonly entries: readonly T[];
}

/** @param plural under which name the entries are */
export function listEnvelope<Plural extends string, T>(
  request: FastifyRequest,
  { limit, offset }: ListQuery,
  plural: Plural,
  { total, entries }: ListPage<T>,
): ListEnvelope & Record<Plural, T[]> {
  const link = (to: number): PageLink => ({ href: linkTo(request, limit, to) });
  const envelope: ListEnvelope = {
    total_count: total,
    offset,
    limit,
    first: link(0),
    ...(offset > 0 && { previous: link(Math.max(0, offset - limit)) }),
    ...(offset + limit < total && { next: link(offset + limit) }),
  };
  return { ...envelope, [plural]: entries } as ListEnvelope & Record<Plural, T[]>;
}

/** The same list from somewhere else. Without a usable Host header it is relative to the origin. */
function linkTo(request: FastifyRequest, limit: number, offset: number): string {
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('limit', String(limit));
  parameters.set('offset', String(offset));
  return `${requestOrigin(request.protocol, request.headers.host)}${path}?${parameters.toString()}`;
}
