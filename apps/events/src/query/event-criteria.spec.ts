import { Catalogue, catalogue, firstUuidAt, systems } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { criteriaOf } from './event-criteria.js';
import { TypeDictionary } from './type-dictionary.js';

const KEY = '47eaa0992cb6416d86dc283cf0480ff9';
const dictionary = new TypeDictionary([
  {
    id: 1,
    system: 'waldur',
    type: 'com.waldur.customer_creation_succeeded',
    nativeType: 'customer_creation_succeeded',
  },
  { id: 2, system: 'waldur', type: 'com.waldur.invented_later', nativeType: 'invented_later' },
  {
    id: 3,
    system: 'lxd',
    type: 'com.canonical.lxd.lifecycle.instance-created',
    nativeType: 'instance-created',
  },
  { id: 4, system: 'lxd', type: 'com.canonical.lxd.lifecycle.invented_later', nativeType: 'invented_later' },
]);
const of = (filter: Parameters<typeof criteriaOf>[0]) => criteriaOf(filter, ['*'], dictionary, catalogue);

describe('the criteria of a filter', () => {
  it('are empty where nothing narrows', () => {
    expect(of({})).toEqual({ owners: [] });
  });

  it('know a type by either of its names, and the undeclared ones that the store has seen', () => {
    expect(of({ types: { anyOf: ['customer_creation_succeeded'] } })?.typeIds).toEqual([1]);
    expect(of({ types: { anyOf: ['com.waldur.customer_creation_succeeded'] } })?.typeIds).toEqual([1]);
    expect(of({ types: { anyOf: ['invented_later'] } })?.typeIds).toEqual([2, 4]);
  });

  it('match nothing for names that nobody knows', () => {
    expect(of({ types: { anyOf: ['nobody_knows'] } })).toBeUndefined();
    expect(of({ groups: { anyOf: ['nobody_knows'] } })).toBeUndefined();
    // Declared, but no such event has been stored.
    expect(of({ types: { anyOf: ['project_creation_succeeded'] } })).toBeUndefined();
    expect(of({ systems: { anyOf: ['cds'] } })).toBeUndefined();
  });

  it('expand groups to their types', () => {
    expect(of({ groups: { anyOf: ['customers'] } })?.typeIds).toEqual([1]);
    expect(of({ groups: { anyOf: ['customers', 'nobody_knows'] } })?.typeIds).toEqual([1]);
  });

  it('need all of types, groups and systems to hold', () => {
    expect(of({ types: { anyOf: ['customer_creation_succeeded'] }, groups: { anyOf: ['projects'] } })).toBeUndefined();
    expect(of({ types: { anyOf: ['invented_later'] }, systems: { anyOf: ['lxd'] } })?.typeIds).toEqual([4]);
  });

  it('name no types where all of them are meant', () => {
    expect(of({ systems: { anyOf: ['waldur', 'lxd'] } })).toEqual({ owners: [] });
  });

  it('ask for a scope by the column of its role', () => {
    expect(of({ scopes: [{ system: 'waldur', kind: 'project', key: KEY }] })).toEqual({
      owners: [{ role: 'project', key: KEY }],
    });
    expect(of({ scopes: [{ system: 'waldur', kind: 'customer', key: KEY }] })).toEqual({
      owners: [{ role: 'tenant', key: KEY }],
    });
    expect(of({ relatedUser: KEY })).toEqual({ owners: [], relatedUser: KEY });
  });

  it('name no types where an owner has said the system, and match nothing for another system’s', () => {
    const scopes = [{ system: 'waldur', kind: 'customer', key: KEY }];
    const owners = [{ role: 'tenant', key: KEY }];
    expect(of({ scopes, systems: { anyOf: ['waldur'] } })).toEqual({ owners });
    expect(of({ scopes, systems: { anyOf: ['waldur', 'lxd'] } })).toEqual({ owners });
    expect(of({ scopes, systems: { anyOf: ['lxd'] } })).toBeUndefined();
    expect(of({ scopes, systems: { noneOf: ['waldur'] } })).toBeUndefined();
    expect(of({ scopes, types: { anyOf: ['invented_later'] } })?.typeIds).toEqual([2]);
    expect(of({ scopes, types: { noneOf: ['invented_later'] } })?.typeIds).toEqual([1]);
  });

  it('match nothing for a scope that the system does not have', () => {
    expect(of({ scopes: [{ system: 'waldur', kind: 'constructor', key: KEY }] })).toBeUndefined();
    const empty = new Catalogue(systems.filter(({ name }) => name === 'tidings'));
    expect(
      criteriaOf({ scopes: [{ system: 'waldur', kind: 'customer', key: KEY }] }, ['*'], dictionary, empty),
    ).toBeUndefined();
  });

  it('turn times into bounds of the id', () => {
    expect(of({ createdFrom: 5n, createdTo: 9n })).toEqual({
      owners: [],
      firstId: firstUuidAt(5n),
      endId: firstUuidAt(9n),
    });
  });

  it('understand times beyond what an id can hold', () => {
    const beyond = 10n ** 36n;
    expect(of({ createdFrom: beyond })).toBeUndefined();
    expect(of({ createdTo: -beyond })).toBeUndefined();
    expect(of({ createdFrom: -beyond, createdTo: beyond })).toEqual({ owners: [] });
  });
});
