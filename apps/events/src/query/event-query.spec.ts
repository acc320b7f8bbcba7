import { scopeKey } from '@tidings/catalogue';
import { isDomainError } from '@tidings/runtime';
import { describe, expect, it } from 'vitest';
import { readQuery } from '../paging/query-parameters.js';
import { EventFilterQuery, filterOf, orderOf } from './event-query.js';
import { EventListQuery, waldurFilterOf } from './waldur-event-query.js';

const UUID = '47eaa0992cb6416d86dc283cf0480ff9';
const HYPHENATED = '47EAA099-2CB6-416D-86DC-283CF0480FF9';
const parameters = (raw: object) => readQuery(raw, EventFilterQuery);
const filter = (raw: object) => filterOf(parameters(raw));

describe('the parameters of events', () => {
  it('narrow nothing when there are none', () => {
    expect(filter({})).toEqual({ scopes: [] });
  });

  it('say seconds, which are kept as microseconds', () => {
    expect(filter({ created_from: '10.9', created_to: '20' })).toMatchObject({
      createdFrom: 10_000_000n,
      createdTo: 20_000_000n,
    });
  });

  it('name types, groups and systems, each as often as one likes', () => {
    expect(filter({ event_type: ['a', 'b'], feature: 'customers', system: ['lxd', 'waldur'] })).toMatchObject({
      types: { anyOf: ['a', 'b'] },
      groups: { anyOf: ['customers'] },
      systems: { anyOf: ['lxd', 'waldur'] },
    });
  });

  it('mean the same by a uuid with hyphens and without', () => {
    const key = scopeKey('waldur', UUID);
    for (const value of [UUID, HYPHENATED]) {
      expect(filter({ customer_uuid: value, project_uuid: value, user_uuid: value, related_user_uuid: value })).toEqual(
        {
          scopes: ['customer', 'project', 'user'].map((kind) => ({ system: 'waldur', kind, key })),
          relatedUser: key,
        },
      );
    }
  });

  it('say what must not be by an exclamation mark', () => {
    expect(
      filter({
        'event_type!': 'a',
        type: 'b',
        'type!': 'c',
        'feature!': 'd',
        'system!': 'lxd',
        site: 'e',
        'site!': 'f',
        source: 'g',
        'source!': 'h',
        subject: 'i',
        'subject!': 'j',
        outcome: 'failed',
        'outcome!': ['succeeded', 'scheduled'],
        conforming: 'false',
        q: ['k', 'l'],
      }),
    ).toEqual({
      types: { anyOf: ['b'], noneOf: ['a', 'c'] },
      groups: { noneOf: ['d'] },
      systems: { noneOf: ['lxd'] },
      sites: { anyOf: ['e'], noneOf: ['f'] },
      sources: { anyOf: ['g'], noneOf: ['h'] },
      subjects: { anyOf: ['i'], noneOf: ['j'] },
      outcomes: { anyOf: ['failed'], noneOf: ['succeeded', 'scheduled'] },
      conforming: false,
      text: ['k', 'l'],
      scopes: [],
    });
  });

  it.each([
    [`https://waldur.example.org/api/customers/${HYPHENATED}/`, { system: 'waldur', kind: 'customer' }],
    [`/api/projects/${UUID}`, { system: 'waldur', kind: 'project' }],
    [`http://127.0.0.1:8000/sub/api/users/${UUID}/`, { system: 'waldur', kind: 'user' }],
    [`waldur:main:user:${UUID}`, { system: 'waldur', site: 'main', kind: 'user' }],
  ])('name a scope by %s', (scope, expected) => {
    expect(filter({ scope }).scopes).toEqual([{ ...expected, key: scopeKey('waldur', UUID) }]);
  });

  it('name a scope of any system, or a whole site', () => {
    expect(filter({ scope: ['lxd:rack1:project:a:b', 'cds:main'] }).scopes).toEqual([
      { system: 'lxd', site: 'rack1', kind: 'project', key: scopeKey('lxd', 'a:b') },
      { system: 'cds', site: 'main' },
    ]);
  });

  it('find a token however its uuid was written', () => {
    expect(filter({ pat_uuid: HYPHENATED }).personalToken).toEqual([HYPHENATED, UUID, HYPHENATED.toLowerCase()]);
  });

  it('order by the first order that is named, newest first without one', () => {
    const order = (o?: string | string[]) => orderOf(readQuery({ o }, EventListQuery));
    expect(order()).toBe('newest-first');
    expect(order('-created')).toBe('newest-first');
    expect(order('created')).toBe('oldest-first');
    expect(order(['created', '-created'])).toBe('oldest-first');
    expect(order('-created,created')).toBe('newest-first');
  });

  it.each(['user', 'uuid', '--created', '__proto__', 'created_from,message'])(
    'pass over the order %s, as Django REST does',
    (name) => {
      expect(orderOf({ o: [name] })).toBe('newest-first');
      expect(orderOf({ o: [name, 'created'] })).toBe('oldest-first');
      expect(orderOf({ o: ['-@timestamp', 'created'] })).toBe('newest-first');
    },
  );

  it.each([
    `http://127.0.0.1:4100/api/marketplace-resources/${UUID}/`,
    `https://waldur.example.org/sub/api/marketplace-provider-offerings/${HYPHENATED}/`,
    `/api/openstack/instances/${UUID}`,
    UUID,
  ])('find what names an object of another kind: %s', (scope) => {
    expect(filter({ scope })).toEqual({ scopes: [], text: [UUID] });
  });

  it('find no token by a text that is no uuid', () => {
    expect(filter({ pat_uuid: 'not-a-uuid' }).personalToken).toEqual(['not-a-uuid']);
  });

  it('take what Waldur’s clients send, and use what can be used', () => {
    const given = readQuery(
      {
        _: '1',
        format: 'json',
        exclude_extra: 'true',
        search: 'tartu',
        query: 'x',
        resource_uuid: HYPHENATED,
        user_username: 'alice',
        exclude_features: ['customers', 'projects'],
        exclude_event_types: 'a',
      },
      EventListQuery,
    );
    expect(waldurFilterOf(given)).toEqual({
      scopes: [],
      text: ['tartu', 'x', UUID, 'alice'],
      groups: { noneOf: ['customers', 'projects'] },
      types: { noneOf: ['a'] },
    });
    expect(() => readQuery({ exclude_feature: 'a' }, EventListQuery)).toThrow(
      expect.objectContaining({
        details: { fields: { exclude_feature: ['Unknown parameter. Did you mean exclude_features?'] } },
      }) as Error,
    );
  });

  it.each([
    ['created_from', 'yesterday'],
    ['created_to', 'NaN'],
    ['message', 'a\u0000b'],
    ['system', 'openstack'],
    ['customer_uuid', 'tartu'],
    ['project_uuid', '47eaa099-2cb6'],
    ['user_uuid', `${UUID}0`],
    ['related_user_uuid', "' OR 1=1 --"],
    ['auth_method', '\u0000'],
    ['pat_uuid', 'a\u0000'],
    ['q', 'a\u0000b'],
    ['subject', '\u0000'],
    ['outcome', 'exploded'],
    ['outcome!', 'exploded'],
    ['conforming', 'maybe'],
    ['system!', 'openstack'],
    ['scope', '*'],
    ['scope', 'lxd:*'],
    ['scope', 'lxd:rack1:project:*'],
    ['scope', 'lxd:rack1:planet:mars'],
    ['scope', 'openstack:main'],
    ['scope', 'https://waldur.example.org/api/customers/1/'],
    ['event_typ', 'x'],
    ['message!', 'x'],
  ])('are refused by name: %s=%j', (name, value) => {
    try {
      parameters({ [name]: value });
      expect.unreachable();
    } catch (error) {
      if (!isDomainError(error)) throw error;
      expect(Object.keys(error.details.fields ?? {})).toEqual([name]);
    }
  });

  it('name the known systems where one is not', () => {
    expect(() => parameters({ system: 'x' })).toThrow(
      expect.objectContaining({
        details: { fields: { system: [expect.stringMatching(/^must be one of .*waldur/)] } },
      }) as Error,
    );
  });
});
