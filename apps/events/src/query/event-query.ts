import { catalogue, hyphenated, OUTCOMES, parseUuid, scopeKey, type Outcome } from '@tidings/catalogue';
import { IsOneOf, IsStorableText, IsUnixSeconds, IsUuidText } from '../paging/parameter-rules.js';
import { Parameter, RepeatedParameter } from '../paging/query-parameters.js';
import { parseUnixSeconds } from '../paging/unix-seconds.js';
import type { Choice, EventFilter, EventOrder, ScopeFilter } from './event-filter.js';
import { objectNamed, parseScope, SCOPE_TEXT_PATTERN } from './scope-parameter.js';
import { IsScope } from './scope-rule.js';

export const SYSTEM_NAMES = catalogue.systems().map(({ name }) => name);
const TRUTH: Readonly<Record<string, boolean>> = { true: true, false: false };
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
  @Parameter({ description: 'Events from this time on: Unix seconds, fractions cut off', example: '1793606400' })
  @IsUnixSeconds()
  created_from?: string;

  @Parameter({ description: 'Events before this time: Unix seconds, fractions cut off', example: '1793692800' })
  @IsUnixSeconds()
  created_to?: string;

  @RepeatedParameter({
    description: 'Text that the message contains, in whatever case; of several, all',
    example: 'has been created',
  })
  @IsStorableText({ each: true })
  message?: readonly string[];

  @RepeatedParameter({
    description: 'Text that the message or a value of the context contains, in whatever case; of several, all',
    example: 'Tartu',
  })
  @IsStorableText({ each: true })
  q?: readonly string[];

  @RepeatedParameter({
    commas: true,
    description: 'By which order: created (oldest first) or -created (newest first); others are ignored',
    example: '-created',
  })
  o?: readonly string[];

  @RepeatedParameter({
    description: 'Types by their native or full names; any of them',
    example: 'customer_creation_succeeded',
  })
  event_type?: readonly string[];

  @RepeatedParameter({ description: 'Types that it must not be', example: 'customer_creation_succeeded' })
  'event_type!'?: readonly string[];

  @RepeatedParameter({ description: 'Another name of event_type', example: 'com.waldur.customer_creation_succeeded' })
  type?: readonly string[];

  @RepeatedParameter({ description: 'Another name of event_type!', example: 'com.waldur.customer_creation_succeeded' })
  'type!'?: readonly string[];

  @RepeatedParameter({ description: 'Groups of types; any of them', example: 'customers' })
  feature?: readonly string[];

  @RepeatedParameter({ description: 'Groups that its type must not be in', example: 'customers' })
  'feature!'?: readonly string[];

  @RepeatedParameter({ description: 'Systems; any of them', example: 'waldur' })
  @IsOneOf(SYSTEM_NAMES, { each: true })
  system?: readonly string[];

  @RepeatedParameter({ description: 'Systems that it must not be of', example: 'lxd' })
  @IsOneOf(SYSTEM_NAMES, { each: true })
  'system!'?: readonly string[];

  @RepeatedParameter({ description: 'Sites of the systems; any of them', example: 'main' })
  site?: readonly string[];

  @RepeatedParameter({ description: 'Sites that it must not be of', example: 'main' })
  'site!'?: readonly string[];

  @RepeatedParameter({ description: 'CloudEvents sources; any of them', example: '/waldur/main' })
  source?: readonly string[];

  @RepeatedParameter({ description: 'CloudEvents sources that it must not have', example: '/waldur/main' })
  'source!'?: readonly string[];

  @RepeatedParameter({ description: 'CloudEvents subjects; any of them', example: '47eaa0992cb6416d86dc283cf0480ff9' })
  @IsStorableText({ each: true })
  subject?: readonly string[];

  @RepeatedParameter({
    description: 'CloudEvents subjects that it must not have',
    example: '47eaa0992cb6416d86dc283cf0480ff9',
  })
  @IsStorableText({ each: true })
  'subject!'?: readonly string[];

  @RepeatedParameter({ description: 'How its action ended; any of them', example: 'failed' })
  @IsOneOf(OUTCOMES, { each: true })
  outcome?: readonly string[];

  @RepeatedParameter({ description: 'How its action must not have ended', example: 'succeeded' })
  @IsOneOf(OUTCOMES, { each: true })
  'outcome!'?: readonly string[];

  @Parameter({ description: 'Whether its payload conforms to its type', example: 'true' })
  @IsOneOf(Object.keys(TRUTH))
  conforming?: string;

  @RepeatedParameter({
    description:
      'To whom it belongs: the URL of a customer, project or user of Waldur, or a scope such as lxd:rack1:project:default. Or what it is about: the URL or the UUID of any other object, which its message or context then names. Of several, all',
    example: 'waldur:main:customer:47eaa0992cb6416d86dc283cf0480ff9',
    pattern: SCOPE_TEXT_PATTERN,
  })
  @IsScope({ each: true })
  scope?: readonly string[];

  @Parameter({ description: 'Events of this customer of Waldur', example: '47eaa0992cb6416d86dc283cf0480ff9' })
  @IsUuidText()
  customer_uuid?: string;

  @Parameter({ description: 'Events of this project of Waldur', example: '47eaa0992cb6416d86dc283cf0480ff9' })
  @IsUuidText()
  project_uuid?: string;

  @Parameter({ description: 'Events that this user of Waldur caused', example: '47eaa0992cb6416d86dc283cf0480ff9' })
  @IsUuidText()
  user_uuid?: string;

  @Parameter({
    description: 'Events that this user of Waldur caused or was affected by',
    example: '47eaa0992cb6416d86dc283cf0480ff9',
  })
  @IsUuidText()
  related_user_uuid?: string;

  @Parameter({ description: 'By which method the user was authenticated', example: 'token' })
  @IsStorableText()
  auth_method?: string;

  @Parameter({
    description: 'With which personal access token it was caused; none where it is no UUID',
    example: '47eaa0992cb6416d86dc283cf0480ff9',
  })
  @IsStorableText()
  pat_uuid?: string;
}

/** What a query that passed its rules asks for. */
export function filterOf(query: EventFilterQuery): EventFilter {
  const createdFrom = query.created_from === undefined ? undefined : parseUnixSeconds(query.created_from);
  const createdTo = query.created_to === undefined ? undefined : parseUnixSeconds(query.created_to);
  const conforming = TRUTH[query.conforming ?? ''];
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
