import { catalogue, hyphenated, parseUuid, scopeKey } from '@tidings/catalogue';
import { IsOneOf, IsStorableText, IsUnixSeconds, IsUuidText } from '../paging/parameter-rules.js';
import { Parameter, RepeatedParameter } from '../paging/query-parameters.js';
import { parseUnixSeconds } from '../paging/unix-seconds.js';
import type { EventFilter, EventOrder, ScopeFilter } from './event-filter.js';

const SYSTEMS = catalogue.systems().map(({ name }) => name);
const ORDERINGS: Readonly<Record<string, EventOrder>> = { created: 'oldest-first', '-created': 'newest-first' };

/** Whose context the parameters `…_uuid` speak of. */
const WALDUR = 'waldur';

/** The parameters that choose events, named as Waldur's clients send them. */
export class EventFilterQuery {
  @Parameter()
  @IsUnixSeconds()
  created_from?: string;

  @Parameter()
  @IsUnixSeconds()
  created_to?: string;

  @Parameter()
  @IsStorableText()
  message?: string;

  @RepeatedParameter({ commas: true })
  @IsOneOf(Object.keys(ORDERINGS), { each: true })
  o?: readonly string[];

  @RepeatedParameter()
  event_type?: readonly string[];

  @RepeatedParameter()
  feature?: readonly string[];

  @RepeatedParameter()
  @IsOneOf(SYSTEMS, { each: true })
  system?: readonly string[];

  @Parameter()
  @IsUuidText()
  customer_uuid?: string;

  @Parameter()
  @IsUuidText()
  project_uuid?: string;

  @Parameter()
  @IsUuidText()
  user_uuid?: string;

  @Parameter()
  @IsUuidText()
  related_user_uuid?: string;

  @Parameter()
  @IsStorableText()
  auth_method?: string;

  @Parameter()
  @IsUuidText()
  pat_uuid?: string;
}

/** The parameters of a list of events. */
export class EventListQuery extends EventFilterQuery {
  @RepeatedParameter()
  field?: readonly string[];

  @Parameter()
  page?: string;

  @Parameter()
  page_size?: string;
}

/** The parameters of one event. */
export class EventQuery {
  @RepeatedParameter()
  field?: readonly string[];
}

/** The parameters of the list of groups. */
export class EventGroupsQuery {
  @Parameter()
  @IsOneOf(SYSTEMS)
  system?: string;
}

/** What a query that passed its rules asks for. */
export function filterOf(query: EventFilterQuery): EventFilter {
  const createdFrom = query.created_from === undefined ? undefined : parseUnixSeconds(query.created_from);
  const createdTo = query.created_to === undefined ? undefined : parseUnixSeconds(query.created_to);
  return {
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdTo !== undefined && { createdTo }),
    ...(query.message !== undefined && { message: [query.message] }),
    ...(query.event_type !== undefined && { types: { anyOf: query.event_type } }),
    ...(query.feature !== undefined && { groups: { anyOf: query.feature } }),
    ...(query.system !== undefined && { systems: { anyOf: query.system } }),
    scopes: [
      ...waldurScope('customer', query.customer_uuid),
      ...waldurScope('project', query.project_uuid),
      ...waldurScope('user', query.user_uuid),
    ],
    ...(query.related_user_uuid !== undefined && {
      relatedUser: scopeKey(WALDUR, query.related_user_uuid),
    }),
    ...(query.auth_method !== undefined && { authMethod: query.auth_method }),
    ...(query.pat_uuid !== undefined && { personalToken: spellingsOf(query.pat_uuid) }),
  };
}

/** Newest first unless told otherwise. Of several orders the first decides: there is but one thing to order by. */
export function orderOf({ o }: EventFilterQuery): EventOrder {
  return ORDERINGS[o?.[0] ?? ''] ?? 'newest-first';
}

function waldurScope(kind: string, value: string | undefined): ScopeFilter[] {
  return value === undefined ? [] : [{ system: WALDUR, kind, key: scopeKey(WALDUR, value) }];
}

/** A token's uuid is kept as it was written, with hyphens or without. */
function spellingsOf(uuid: string): string[] {
  const digits = parseUuid(uuid) ?? uuid;
  return [...new Set([uuid, digits, hyphenated(digits)])];
}
