import type { Principal } from '@tidings/access';
import { catalogue, scopeKey } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import type { EventFilter } from '../query/event-filter.js';
import { type StoredType, TypeDictionary } from '../query/type-dictionary.js';
import { Audience } from './audience.js';
import type { LiveRow } from './live-row.js';

const TYPES: readonly StoredType[] = [
  { id: 1, system: 'waldur', type: 'com.waldur.a', nativeType: 'a' },
  { id: 2, system: 'lxd', type: 'com.canonical.lxd.b', nativeType: 'b' },
];
const LATER: StoredType = { id: 3, system: 'lxd', type: 'com.canonical.lxd.c', nativeType: 'c' };
const SOURCES = [{ id: 10, source: '/lxd/main', site: 'main' }];
const CUSTOMER = '47eaa0992cb6416d86dc283cf0480ff9';

const someone = (...scopes: string[]): Principal => ({
  id: scopes.join(),
  name: 'a reader',
  permissions: new Set(['events:read']),
  scopes,
  sources: [],
});

function row(typeId: number, tenant: string | null = null): LiveRow {
  return {
    position: { transaction: 1n, sequence: 1n },
    storedAt: 0n,
    id: '0'.repeat(32),
    typeId,
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
  const all = new Audience<string>(catalogue, new TypeDictionary(TYPES, SOURCES));
  const join = (member: string, filter: EventFilter, principal = someone('*')) => {
    const circle = all.circleOf(filter, principal);
    circle.members.add(member);
    return () => all.leave(circle, member);
  };
  const told = (of: LiveRow): string[] => [...all.membersFor(of)].sort();
  return { all, join, told };
}

describe('an audience', () => {
  it('is told of what it asks for, by type, by owner, or of everything, each once', () => {
    const { join, told } = audience();
    join('everything', {});
    join('lxd', { systems: { anyOf: ['lxd'] } });
    join('customer', { scopes: [{ system: 'waldur', kind: 'customer', key: scopeKey('waldur', CUSTOMER) }] });
    expect(told(row(1))).toEqual(['everything']);
    expect(told(row(2))).toEqual(['everything', 'lxd']);
    expect(told(row(1, scopeKey('waldur', CUSTOMER)))).toEqual(['customer', 'everything']);
  });

  it('is one circle for those who ask the same and may see the same, in whatever order', () => {
    const { all } = audience();
    const filter = { createdFrom: 5n };
    const circle = all.circleOf(filter, someone('lxd:main', 'waldur:*'));
    expect(all.circleOf({ ...filter }, someone('waldur:*', 'lxd:main'))).toBe(circle);
    expect(all.circleOf(filter, someone('waldur:*'))).not.toBe(circle);
    expect(all.circleOf({ createdFrom: 6n }, someone('lxd:main', 'waldur:*'))).not.toBe(circle);
  });

  it('is told no more once it has left, while the rest of the circle is', () => {
    const { join, told } = audience();
    const leave = join('one', { systems: { anyOf: ['lxd'] } });
    join('other', { systems: { anyOf: ['lxd'] } });
    leave();
    expect(told(row(2))).toEqual(['other']);
    leave();
    expect(told(row(2))).toEqual(['other']);
  });

  it('learns of types that come later, and only who may see them is told', () => {
    const { all, join, told } = audience();
    join('lxd', {}, someone('lxd:*'));
    join('waldur', {}, someone('waldur:*'));
    join('new', { types: { anyOf: ['c'] } });
    expect(told(row(3))).toEqual([]);
    all.redefine(new TypeDictionary([...TYPES, LATER], SOURCES));
    expect(told(row(3))).toEqual(['lxd', 'new']);
    expect(told(row(1))).toEqual(['waldur']);
  });
});
