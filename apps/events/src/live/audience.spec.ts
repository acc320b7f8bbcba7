import type { Principal } from '@tidings/access';
import { catalogue, scopeKey } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import type { EventFilter } from '../query/event-filter.js';
import type { EventNames } from '../query/type-dictionary.js';
import { Audience } from './audience.js';
import type { LiveRow } from './live-row.js';

const WALDUR: EventNames = {
  system: 'waldur',
  type: 'com.waldur.a',
  nativeType: 'a',
  source: '/waldur/main',
  site: 'main',
};
const LXD: EventNames = {
  system: 'lxd',
  type: 'com.canonical.lxd.b',
  nativeType: 'b',
  source: '/lxd/main',
  site: 'main',
};
const CUSTOMER = '47eaa0992cb6416d86dc283cf0480ff9';

const someone = (...scopes: string[]): Principal => ({
  id: scopes.join(),
  name: 'a reader',
  permissions: new Set(['events:read']),
  scopes,
  sources: [],
});

function row(tenant: string | null = null): LiveRow {
  return {
    position: { transaction: 1n, sequence: 1n },
    storedAt: 0n,
    id: '0'.repeat(32),
    typeId: 1,
    sourceId: 10,
    tenant,
    project: null,
    actor: null,
    relatedUser: null,
    outcome: null,
    conforming: true,
    eventId: '1',
    subject: null,
    message: '',
    searchText: '',
    data: '{}',
    authMethod: null,
    personalToken: null,
    attributes: null,
  };
}

function audience() {
  const all = new Audience<string>(catalogue);
  const join = (member: string, filter: EventFilter, principal = someone('*')) => {
    const circle = all.enter(filter, principal, member);
    circle.members.add(member);
    return () => all.leave(circle, member);
  };
  const told = (names: EventNames, tenant?: string): string[] => [...all.membersFor(row(tenant), names)].sort();
  return { all, join, told };
}

describe('an audience', () => {
  it('is told of what it asks for, by type, by owner, by place, or of everything, each once', () => {
    const { join, told } = audience();
    join('everything', {});
    join('lxd', { systems: { anyOf: ['lxd'] } });
    join('both names', { types: { anyOf: ['b', 'com.canonical.lxd.b', 'b'] } });
    join('two places', {}, someone('lxd:*', 'lxd:main', 'waldur:elsewhere'));
    join('customer', { scopes: [{ system: 'waldur', kind: 'customer', key: scopeKey('waldur', CUSTOMER) }] });
    expect(told(WALDUR)).toEqual(['everything']);
    expect(told(LXD)).toEqual(['both names', 'everything', 'lxd', 'two places']);
    expect(told(WALDUR, scopeKey('waldur', CUSTOMER))).toEqual(['customer', 'everything']);
  });

  it('is one circle for those who ask the same and may see the same, in whatever order', () => {
    const { all } = audience();
    const filter = { createdFrom: 5n };
    const circle = all.enter(filter, someone('lxd:main', 'waldur:*'), 'one');
    expect(all.enter({ ...filter }, someone('waldur:*', 'lxd:main'), 'two')).toBe(circle);
    expect(all.enter(filter, someone('waldur:*'), 'three')).not.toBe(circle);
    expect(all.enter({ createdFrom: 6n }, someone('lxd:main', 'waldur:*'), 'four')).not.toBe(circle);
  });

  it('is told no more once it has left, while the rest of the circle is', () => {
    const { join, told } = audience();
    const leave = join('one', { systems: { anyOf: ['lxd'] } });
    join('other', { systems: { anyOf: ['lxd'] } });
    leave();
    expect(told(LXD)).toEqual(['other']);
    leave();
    expect(told(LXD)).toEqual(['other']);
  });

  it.each([
    ['the only live one', ['live']],
    ['another that catches up, too', ['catching up, too']],
    ['all others', ['live', 'catching up, too']],
  ])('hears of the present after it has caught up, when %s has left meanwhile', (_, leaving) => {
    const { all, told } = audience();
    const filter = { systems: { anyOf: ['lxd'] } };
    const circle = all.enter(filter, someone('*'), 'late');
    const others = ['live', 'catching up, too'].map(
      (member) => [member, all.enter(filter, someone('*'), member)] as const,
    );
    circle.members.add('live');
    for (const [member, their] of others) if (leaving.includes(member)) all.leave(their, member);
    circle.members.add('late');
    expect(told(LXD)).toContain('late');
    // Who asks for the same again belongs to the same circle.
    expect(all.enter(filter, someone('*'), 'next')).toBe(circle);
  });

  it('forgets a circle once the last has left, whether it was live or not', () => {
    const { all } = audience();
    const filter = { systems: { anyOf: ['lxd'] } };
    const circle = all.enter(filter, someone('*'), 'late');
    all.leave(circle, 'late');
    expect(all.enter(filter, someone('*'), 'late')).not.toBe(circle);
  });

  it('knows types and sources that come later, and only who may see them is told', () => {
    const { join, told } = audience();
    join('lxd', {}, someone('lxd:*'));
    join('rack', {}, someone('lxd:rack1'));
    join('not b', { types: { noneOf: ['b'] } });
    join('waldur', {}, someone('waldur:*'));
    join('new', { types: { anyOf: ['c'] } });
    const later = { ...LXD, type: 'com.canonical.lxd.c', nativeType: 'c', source: '/lxd/rack1', site: 'rack1' };
    expect(told(later)).toEqual(['lxd', 'new', 'not b', 'rack']);
    expect(told(LXD)).toEqual(['lxd']);
    expect(told(WALDUR)).toEqual(['not b', 'waldur']);
  });

  it('is told of a group’s types, of sites and of sources, and not of what it excludes', () => {
    const { join, told } = audience();
    const created = {
      ...WALDUR,
      type: 'com.waldur.customer_creation_succeeded',
      nativeType: 'customer_creation_succeeded',
    };
    join('customers', { groups: { anyOf: ['customers'] } });
    join('no customers', { groups: { noneOf: ['customers'] } });
    join('site', { sites: { anyOf: ['main'] }, sources: { noneOf: ['/lxd/main'] } });
    join('scope', { scopes: [{ system: 'waldur', site: 'main' }] });
    expect(told(created)).toEqual(['customers', 'scope', 'site']);
    expect(told(LXD)).toEqual(['no customers']);
    expect(told({ ...WALDUR, site: 'other' })).toEqual(['no customers']);
  });
});
