import { parseUuid } from '@tidings/catalogue';
import { PAGE_BYTES, PAGE_CURSOR, PAGE_IGNORED, PAGE_OR_CURSOR, PAGE_SIZE } from '../paging/page-parameters.js';
import { oneOf, STORABLE_TEXT } from '../paging/parameter-rules.js';
import { ignoreParameters, Parameter, RepeatedParameter } from '../paging/query-parameters.js';
import type { Choice, EventFilter } from './event-filter.js';
import { EventFilterQuery, filterOf, SYSTEM_NAMES } from './event-query.js';

/** By what an event's context names what it is about, and Waldur's clients ask for it. */
const CONTEXT_PARAMETERS = [
  'resource_uuid',
  'offering_uuid',
  'provider_uuid',
  'service_provider_uuid',
  'order_uuid',
  'invoice_uuid',
  'issue_uuid',
  'call_uuid',
  'proposal_uuid',
  'user_username',
  'user_full_name',
] as const;

/** What Waldur's clients, and its framework's, send to any of its routes, and what changes nothing here. */
export const WALDUR_IGNORED = ['_', 'format', 'exclude_extra', 'ordering'] as const;

/**
 * The parameters of a count: those of a list, whose pages and fields do not matter to it. Besides the filters of all routes
 * it takes what Waldur's own clients send, so that they work unchanged.
 */
export class EventCountQuery extends EventFilterQuery {
  @RepeatedParameter({ description: 'Alias of q.', example: 'Tartu', rule: STORABLE_TEXT })
  search?: readonly string[];

  @RepeatedParameter({ description: 'Alias of q.', example: 'Tartu', rule: STORABLE_TEXT })
  query?: readonly string[];

  @RepeatedParameter({ description: 'Alias of feature!.', example: 'customers' })
  exclude_features?: readonly string[];

  @RepeatedParameter({ description: 'Alias of event_type!.', example: 'customer_creation_succeeded' })
  exclude_event_types?: readonly string[];

  @RepeatedParameter({
    description: 'Which fields to answer with; all of Waldur’s when none is known.',
    example: 'uuid',
  })
  field?: readonly string[];

  @Parameter(PAGE_IGNORED)
  page?: string;

  @Parameter(PAGE_IGNORED)
  page_size?: string;
}

// Before the class is extended, which copies what its document says.
for (const name of CONTEXT_PARAMETERS) {
  const options = {
    description: 'Events whose message or context has this text.',
    example: 'Tartu',
    rule: STORABLE_TEXT,
  };
  Parameter(options)(EventCountQuery.prototype, name);
}
ignoreParameters(EventCountQuery, WALDUR_IGNORED);

/** The parameters of a list of events. */
export class EventListQuery extends EventCountQuery {
  @Parameter(PAGE_OR_CURSOR)
  override page?: string;

  @Parameter(PAGE_SIZE)
  override page_size?: string;

  @Parameter(PAGE_CURSOR)
  cursor?: string;

  @Parameter(PAGE_BYTES)
  page_bytes?: string;
}

/** The parameters of the list of an event's related ones. */
export class RelatedEventsQuery {
  @RepeatedParameter({
    commas: true,
    description: 'Order: created (oldest first) or -created (newest first); others are ignored.',
    example: '-created',
  })
  o?: readonly string[];

  @RepeatedParameter({
    description: 'Which fields to answer with; all of Waldur’s when none is known.',
    example: 'uuid',
  })
  field?: readonly string[];

  @Parameter(PAGE_OR_CURSOR)
  page?: string;

  @Parameter(PAGE_SIZE)
  page_size?: string;

  @Parameter(PAGE_CURSOR)
  cursor?: string;

  @Parameter(PAGE_BYTES)
  page_bytes?: string;
}

/** The parameters of one event. */
export class EventQuery {
  @RepeatedParameter({
    description: 'Which fields to answer with; all of Waldur’s when none is known.',
    example: 'uuid',
  })
  field?: readonly string[];
}

/** The parameters of the list of groups. */
export class EventGroupsQuery {
  @Parameter({
    description: 'The system whose groups are listed. Defaults to Waldur.',
    example: 'lxd',
    rule: oneOf(SYSTEM_NAMES),
  })
  system?: string;

  @Parameter(PAGE_IGNORED)
  page?: string;

  @Parameter(PAGE_IGNORED)
  page_size?: string;
}

for (const target of [RelatedEventsQuery, EventQuery, EventGroupsQuery]) ignoreParameters(target, WALDUR_IGNORED);

/** What a query of Waldur's clients that passed its rules asks for. */
export function waldurFilterOf(query: EventCountQuery): EventFilter {
  const filter = filterOf(query);
  const given = query as Readonly<Record<string, unknown>>;
  const about = CONTEXT_PARAMETERS.map((name) => given[name]).filter((value) => typeof value === 'string');
  const text = [
    ...(filter.text ?? []),
    ...(query.search ?? []),
    ...(query.query ?? []),
    // Contexts have uuids without hyphens.
    ...about.map((value) => parseUuid(value) ?? value),
  ];
  return {
    ...filter,
    ...(text.length > 0 && { text }),
    ...(query.exclude_features !== undefined && { groups: without(filter.groups, query.exclude_features) }),
    ...(query.exclude_event_types !== undefined && { types: without(filter.types, query.exclude_event_types) }),
  };
}

function without(choice: Choice | undefined, names: readonly string[]): Choice {
  return { ...choice, noneOf: [...(choice?.noneOf ?? []), ...names] };
}
