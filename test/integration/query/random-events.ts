import fc from 'fast-check';
import type { JsonObject } from '@tidings/catalogue';
import type { ShownEvent } from '../api-world.js';

/** Few of each, so that whatever is asked for is met by some events and not by others. */
const CUSTOMERS = ['47eaa0992cb6416d86dc283cf0480ff9', '1509bb0a9bf143318a118783593942a4'] as const;
const PROJECTS = ['59ba1b0d5c904158a909406c2e416788', 'b1e6a2e2c9a14a0a9a3f2f1d3c4b5a69'] as const;
const USERS = ['3b041641178844f2a60df25453fe2e85', 'c0ffee00c0ffee00c0ffee00c0ffee00'] as const;
const SITES = ['main', 'north'] as const;
const LXD_PROJECTS = ['default', 'genome', 'with:colon'] as const;
const WALDUR_TYPES = [
  'customer_update_succeeded',
  'project_update_succeeded',
  'resource_creation_failed',
  'nobody_has_declared_this',
] as const;
const ACTIONS = ['instance-created', 'instance-deleted', 'thing-invented'] as const;
const NAMES = ['web', 'web-1', '100%', 'a_b', 'ÄRNI'] as const;
const WORDS = ['Tartu', 'tartu ', 'ärni', '100%', 'a_b', "o'clock", '\\', 'nowhere'] as const;

/** An event as it is sent, and what it was made from. */
export interface RandomEvent {
  readonly system: 'waldur' | 'lxd';
  readonly site: string;
  /** Of `created`, microseconds within a minute; each event has its own. */
  readonly native: JsonObject;
  /** `<system>:<site>:<kind>:<value>` */
  readonly owners: readonly string[];
  readonly actor: string | undefined;
  readonly affected: string | undefined;
}

/** A stored event: what was sent, and what the list shows of it. */
export interface KnownEvent extends RandomEvent {
  readonly shown: ShownEvent & {
    readonly type: string;
    readonly source: string;
    readonly id: string;
    readonly subject: string | null;
    readonly outcome: string | null;
    readonly conforming: boolean;
  };
}

const maybe = <T>(values: readonly T[]): fc.Arbitrary<T | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined });

/** The moment of the event of that number, of which no two have the same. */
export const momentOf = (number: number): string =>
  `2026-11-02T08:00:${String(number % 60).padStart(2, '0')}.${String(number + 1).padStart(6, '0')}Z`;

/** @param number of the event among all */
export function randomEvent(number: number): fc.Arbitrary<RandomEvent> {
  return fc.oneof(
    { weight: 3, arbitrary: randomWaldurEvent(number) },
    { weight: 2, arbitrary: randomLxdEvent(number) },
  );
}

function randomWaldurEvent(number: number): fc.Arbitrary<RandomEvent> {
  return fc
    .record({
      site: fc.constantFrom(...SITES),
      type: fc.constantFrom(...WALDUR_TYPES),
      message: fc.array(fc.constantFrom(...WORDS), { maxLength: 3 }),
      customer: maybe(CUSTOMERS),
      project: maybe(PROJECTS),
      user: maybe(USERS),
      affected: maybe(USERS),
      name: maybe(NAMES),
    })
    .map(({ site, type, message, customer, project, user, affected, name }) => ({
      system: 'waldur',
      site,
      actor: user,
      affected,
      owners: Object.entries({ customer, project, user }).flatMap(([kind, value]) =>
        value === undefined ? [] : [`waldur:${site}:${kind}:${value}`],
      ),
      native: {
        created: momentOf(number),
        event_type: type,
        message: message.join(' '),
        context: {
          ...(customer !== undefined && { customer_uuid: customer }),
          ...(project !== undefined && { project_uuid: project }),
          ...(user !== undefined && { user_uuid: user }),
          ...(affected !== undefined && { affected_user_uuid: affected }),
          ...(name !== undefined && { resource_name: name }),
        },
      },
    }));
}

function randomLxdEvent(number: number): fc.Arbitrary<RandomEvent> {
  return fc
    .record({
      site: fc.constantFrom(...SITES),
      action: fc.constantFrom(...ACTIONS),
      project: maybe(LXD_PROJECTS),
      name: fc.constantFrom(...NAMES),
    })
    .map(({ site, action, project, name }) => ({
      system: 'lxd',
      site,
      actor: undefined,
      affected: undefined,
      owners: project === undefined ? [] : [`lxd:${site}:project:${project}`],
      native: {
        type: 'lifecycle',
        timestamp: momentOf(number),
        location: 'none',
        ...(project !== undefined && { project }),
        metadata: { action, source: `/1.0/instances/${name}`, name },
      },
    }));
}

const SCOPES = [
  '*',
  'waldur:*',
  'lxd:*',
  'cds:*',
  ...SITES.flatMap((site) => [
    `waldur:${site}`,
    `waldur:${site}:*`,
    `waldur:${site}:customer:*`,
    `waldur:${site}:customer:${CUSTOMERS[0]}`,
    `waldur:${site}:project:${PROJECTS[1]}`,
    `waldur:${site}:user:${USERS[0]}`,
    `lxd:${site}`,
    `lxd:${site}:*`,
    `lxd:${site}:project:*`,
    ...LXD_PROJECTS.map((project) => `lxd:${site}:project:${project}`),
  ]),
  'lxd:nowhere:*',
];

/** What a token may see. */
export const randomScopes = fc.uniqueArray(fc.constantFrom(...SCOPES), { minLength: 1, maxLength: 4 });

/** Whether an event is in one of the scopes, word for word as the README says it. */
export function isVisible({ system, site, owners }: RandomEvent, scopes: readonly string[]): boolean {
  const own = [`${system}:${site}`, ...owners];
  return scopes.some((scope) =>
    scope.endsWith('*') ? own.some((one) => one.startsWith(scope.slice(0, -1))) : own.includes(scope),
  );
}

/** What is asked for, parameter by parameter; what is left out does not narrow. */
const VALUES = {
  system: ['waldur', 'lxd', 'cds'],
  site: [...SITES, 'nowhere'],
  event_type: [...WALDUR_TYPES, ...ACTIONS, 'com.waldur.customer_update_succeeded', 'never_seen'],
  source: ['/waldur/main', '/lxd/north', '/lxd/nowhere'],
  subject: [...CUSTOMERS, ...PROJECTS, ...NAMES.map((name) => `/1.0/instances/${name}`)],
  outcome: ['succeeded', 'failed', 'scheduled'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Choosable = keyof typeof VALUES;
type Parameters = Readonly<Record<string, readonly string[] | undefined>>;

const some = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const one = (values: readonly string[]) => fc.constantFrom(...values).map((value) => [value]);

/** Of more filters at once hardly any event would be left. */
const MOST_PARAMETERS = 4;

const parameter = (name: string, values: fc.Arbitrary<readonly string[]>) =>
  values.map((chosen): readonly [name: string, values: readonly string[]] => [name, chosen]);

/** The parameters of a query. Fewer of them, and with fewer values, is simpler, and what a failure shrinks to. */
export const randomParameters: fc.Arbitrary<Parameters> = fc
  .uniqueArray(
    fc.oneof(
      ...Object.entries(VALUES).flatMap(([name, values]) => [
        parameter(name, some(values)),
        parameter(`${name}!`, some(values)),
      ]),
      parameter('message', some(WORDS)),
      parameter('q', some([...WORDS, ...NAMES])),
      parameter('conforming', one(['true', 'false'])),
      parameter('customer_uuid', one(CUSTOMERS)),
      parameter('project_uuid', one(PROJECTS)),
      parameter('user_uuid', one(USERS)),
      parameter('related_user_uuid', one(USERS)),
      parameter('created_from', one(secondsAround())),
      parameter('created_to', one(secondsAround())),
    ),
    { maxLength: MOST_PARAMETERS, selector: ([name]) => name },
  )
  .map((parameters) => Object.fromEntries(parameters));

function secondsAround(): string[] {
  const first = Date.parse('2026-11-02T08:00:00Z') / 1000;
  return [0, 5, 20, 40, 59].map((second) => String(first + second));
}

/** As a query string. */
export function queryOf(parameters: Parameters): string {
  return new URLSearchParams(
    Object.entries(parameters).flatMap(([name, values]) =>
      (values ?? []).map((value): [string, string] => [name, value]),
    ),
  ).toString();
}

/** Whether an event is asked for, found out the plain way. */
export function isAskedFor(event: KnownEvent, parameters: Parameters): boolean {
  return Object.entries(parameters).every(([name, values = []]) => holds(event, name, values));
}

function holds(event: KnownEvent, name: string, values: readonly string[]): boolean {
  const { shown, owners, actor, affected } = event;
  if (name.endsWith('!'))
    return !fieldsOf(event, name.slice(0, -1) as Choosable).some((field) => values.includes(field));
  const [value = ''] = values;
  const seconds = Date.parse(shown.created) / 1000;
  switch (name) {
    case 'message':
      return values.every((word) => shown.message.toLowerCase().includes(word.toLowerCase()));
    case 'q':
      return values.every((word) =>
        [shown.message, ...textsIn(shown.context)].some((text) => text.toLowerCase().includes(word.toLowerCase())),
      );
    case 'conforming':
      return String(shown.conforming) === value;
    case 'customer_uuid':
    case 'project_uuid':
    case 'user_uuid':
      return owners.some((owner) => owner.endsWith(`:${name.replace('_uuid', '')}:${value}`));
    case 'related_user_uuid':
      return actor === value || affected === value;
    case 'created_from':
      return seconds >= Number(value);
    case 'created_to':
      return seconds < Number(value);
    default:
      return fieldsOf(event, name as Choosable).some((field) => values.includes(field));
  }
}

function fieldsOf({ system, site, shown }: KnownEvent, name: Choosable): readonly string[] {
  switch (name) {
    case 'system':
      return [system];
    case 'site':
      return [site];
    case 'event_type':
      return [shown.event_type, shown.type];
    case 'source':
      return [shown.source];
    case 'subject':
      return shown.subject === null ? [] : [shown.subject];
    case 'outcome':
      return shown.outcome === null ? [] : [shown.outcome];
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
