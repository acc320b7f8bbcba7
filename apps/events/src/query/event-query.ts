import { catalogue, hyphenated, OUTCOMES, parseUuid, scopeKey, type Outcome } from '@tidings/catalogue';
import { STORABLE_TEXT, TRUE_OR_FALSE, UNIX_SECONDS, UUID_TEXT, flagOf, oneOf } from '../paging/parameter-rules.js';
import { Parameter, RepeatedParameter } from '../paging/query-parameters.js';
import { parseUnixSeconds } from '../paging/unix-seconds.js';
import type { Choice, EventFilter, EventOrder, ScopeFilter } from './event-filter.js';
import { objectNamed, parseScope } from './scope-parameter.js';
import { SCOPE } from './scope-rule.js';

export const SYSTEM_NAMES = catalogue.systems().map(({ name }) => name);
/** The second pair is what Waldur called them before. */
const ORDERINGS: ReadonlyMap<string, EventOrder> = new Map([
  ['created', 'oldest-first'],
  ['-created', 'newest-first'],
  ['@timestamp', 'oldest-first'],
  ['-@timestamp', 'newest-first'],
]);

/** Whose context the parameters `…_uuid` speak of. */
const WALDUR = 'waldur';

/** The parameters that choose events, named as Waldur's clients send them. `!` after the name says what must not be. */
export class EventFilterQuery {
  @Parameter({
    description: 'Events at or after this time: Unix seconds, fractions cut off.',
    example: '1793606400',
    rule: UNIX_SECONDS,
  })
  created_from?: string;

  @Parameter({
    description: 'Events before this time: Unix seconds, fractions cut off.',
    example: '1793692800',
    rule: UNIX_SECONDS,
  })
  created_to?: string;

  @RepeatedParameter({
    description: 'Text that the message contains (case-insensitive); with several, all of them.',
    example: 'has been created',
    rule: STORABLE_TEXT,
  })
  message?: readonly string[];

  @RepeatedParameter({
    description:
      'Text that the message or a value of the context contains (case-insensitive); with several, all of them.',
    example: 'Tartu',
    rule: STORABLE_TEXT,
  })
  q?: readonly string[];

  @RepeatedParameter({
    commas: true,
    description: 'Order: created (oldest first) or -created (newest first); others are ignored.',
    example: '-created',
  })
  o?: readonly string[];

  @RepeatedParameter({
    description: 'Types by their native or full names; any of them.',
    example: 'customer_creation_succeeded',
  })
  event_type?: readonly string[];

  @RepeatedParameter({ description: 'Types to exclude.', example: 'customer_creation_succeeded' })
  'event_type!'?: readonly string[];

  @RepeatedParameter({ description: 'Alias of event_type.', example: 'com.waldur.customer_creation_succeeded' })
  type?: readonly string[];

  @RepeatedParameter({ description: 'Alias of event_type!.', example: 'com.waldur.customer_creation_succeeded' })
  'type!'?: readonly string[];

  @RepeatedParameter({ description: 'Groups of types; any of them.', example: 'customers' })
  feature?: readonly string[];

  @RepeatedParameter({ description: 'Groups of types to exclude.', example: 'customers' })
  'feature!'?: readonly string[];

  @RepeatedParameter({ description: 'Systems; any of them.', example: 'waldur', rule: oneOf(SYSTEM_NAMES) })
  system?: readonly string[];

  @RepeatedParameter({ description: 'Systems to exclude.', example: 'lxd', rule: oneOf(SYSTEM_NAMES) })
  'system!'?: readonly string[];

  @RepeatedParameter({ description: 'Sites of the systems; any of them.', example: 'main' })
  site?: readonly string[];

  @RepeatedParameter({ description: 'Sites to exclude.', example: 'main' })
  'site!'?: readonly string[];

  @RepeatedParameter({ description: 'CloudEvents sources; any of them.', example: '/waldur/main' })
  source?: readonly string[];

  @RepeatedParameter({ description: 'CloudEvents sources to exclude.', example: '/waldur/main' })
  'source!'?: readonly string[];

  @RepeatedParameter({
    description: 'CloudEvents subjects; any of them.',
    example: '47eaa0992cb6416d86dc283cf0480ff9',
    rule: STORABLE_TEXT,
  })
  subject?: readonly string[];

  @RepeatedParameter({
    description: 'CloudEvents subjects to exclude.',
    example: '47eaa0992cb6416d86dc283cf0480ff9',
    rule: STORABLE_TEXT,
  })
  'subject!'?: readonly string[];

  @RepeatedParameter({ description: 'Outcomes of the action; any of them.', example: 'failed', rule: oneOf(OUTCOMES) })
  outcome?: readonly string[];

  @RepeatedParameter({ description: 'Outcomes to exclude.', example: 'succeeded', rule: oneOf(OUTCOMES) })
  'outcome!'?: readonly string[];

  @Parameter({
    description: 'Only events whose payload conforms to its type’s schema, or only those whose payload does not.',
    example: 'true',
    rule: TRUE_OR_FALSE,
  })
  conforming?: string;

  @RepeatedParameter({
    description:
      'To whom it belongs: the URL of a customer, project or user of Waldur, or a scope such as lxd:rack1:project:default. Or what it is about: the URL or the UUID of any other object, which its message or context then names. With several, all of them.',
    example: 'waldur:main:customer:47eaa0992cb6416d86dc283cf0480ff9',
    rule: SCOPE,
  })
  scope?: readonly string[];

  @Parameter({
    description: 'Events of this customer of Waldur.',
    example: '47eaa0992cb6416d86dc283cf0480ff9',
    rule: UUID_TEXT,
  })
  customer_uuid?: string;

  @Parameter({
    description: 'Events of this project of Waldur.',
    example: '47eaa0992cb6416d86dc283cf0480ff9',
    rule: UUID_TEXT,
  })
  project_uuid?: string;

  @Parameter({
    description: 'Events that this user of Waldur caused.',
    example: '47eaa0992cb6416d86dc283cf0480ff9',
    rule: UUID_TEXT,
  })
  user_uuid?: string;

  @Parameter({
    description: 'Events that this user of Waldur caused or was affected by.',
    example: '47eaa0992cb6416d86dc283cf0480ff9',
    rule: UUID_TEXT,
  })
  related_user_uuid?: string;

  @Parameter({ description: 'The method by which the user was authenticated.', example: 'token', rule: STORABLE_TEXT })
  auth_method?: string;

  @Parameter({
    description: 'The personal access token that was used; a value that is not a UUID matches nothing.',
    example: '47eaa0992cb6416d86dc283cf0480ff9',
    rule: STORABLE_TEXT,
  })
  pat_uuid?: string;
}

/** What a query that passed its rules asks for. */
export function filterOf(query: EventFilterQuery): EventFilter {
  const createdFrom = query.created_from === undefined ? undefined : parseUnixSeconds(query.created_from);
  const createdTo = query.created_to === undefined ? undefined : parseUnixSeconds(query.created_to);
  const conforming = flagOf(query.conforming);
  const outcomes = choiceOf(query.outcome, query['outcome!']) as Choice<Outcome> | undefined;
  const text = [...(query.q ?? []), ...(query.scope ?? []).flatMap((scope) => objectNamed(scope) ?? [])];
  const choices = {
    types: choiceOf(together(query.event_type, query.type), together(query['event_type!'], query['type!'])),
    groups: choiceOf(query.feature, query['feature!']),
    systems: choiceOf(query.system, query['system!']),
    sites: choiceOf(query.site, query['site!']),
    sources: choiceOf(query.source, query['source!']),
    subjects: choiceOf(query.subject, query['subject!']),
  };
  return {
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdTo !== undefined && { createdTo }),
    ...(query.message !== undefined && { message: query.message }),
    ...(text.length > 0 && { text }),
    ...present(choices),
    ...(outcomes !== undefined && { outcomes }),
    ...(conforming !== undefined && { conforming }),
    scopes: [
      ...scopesNamed(query),
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

/** What the parameter `scope` names: callers are told when they cannot see it. */
export function scopesNamed({ scope = [] }: EventFilterQuery): ScopeFilter[] {
  return scope.flatMap((text) => parseScope(text) ?? []);
}

function choiceOf(anyOf: readonly string[] | undefined, noneOf: readonly string[] | undefined): Choice | undefined {
  if (anyOf === undefined && noneOf === undefined) return undefined;
  return { ...(anyOf !== undefined && { anyOf }), ...(noneOf !== undefined && { noneOf }) };
}

function together(...lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const all = lists.flatMap((list) => list ?? []);
  return all.length === 0 ? undefined : all;
}

function present(choices: Readonly<Record<string, Choice | undefined>>): Readonly<Record<string, Choice>> {
  return Object.fromEntries(
    Object.entries(choices).filter((entry): entry is [string, Choice] => entry[1] !== undefined),
  );
}

/** Newest first unless told otherwise. Of several orders the first that is known decides: there is but one thing to order by. */
export function orderOf({ o = [] }: Pick<EventFilterQuery, 'o'>): EventOrder {
  return ORDERINGS.get(o.find((name) => ORDERINGS.has(name)) ?? '') ?? 'newest-first';
}

function waldurScope(kind: string, value: string | undefined): ScopeFilter[] {
  return value === undefined ? [] : [{ system: WALDUR, kind, key: scopeKey(WALDUR, value) }];
}

/** A token's uuid is kept as it was written, with hyphens or without. */
function spellingsOf(uuid: string): string[] {
  const digits = parseUuid(uuid);
  return digits === undefined ? [uuid] : [...new Set([uuid, digits, hyphenated(digits)])];
}
