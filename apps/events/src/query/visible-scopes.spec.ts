import { catalogue } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { TypeDictionary } from './type-dictionary.js';
import { rowsVisible, visibleTo } from './visible-scopes.js';

const DICTIONARY = new TypeDictionary(
  [
    { id: 1, system: 'waldur', type: 'com.waldur.a', nativeType: 'a' },
    { id: 2, system: 'waldur', type: 'com.waldur.b', nativeType: 'b' },
    { id: 3, system: 'lxd', type: 'com.canonical.lxd.c', nativeType: 'c' },
  ],
  [
    { id: 10, source: '/waldur/main', site: 'main' },
    { id: 11, source: '/lxd/main', site: 'main' },
    { id: 12, source: '/lxd/rack1', site: 'rack1' },
  ],
);
const CUSTOMERS = ['47eaa0992cb6416d86dc283cf0480ff9', '1509bb0a9bf143318a118783593942a4'];

function visible(...scopes: string[]) {
  const named = visibleTo(scopes, catalogue);
  return named === undefined ? undefined : rowsVisible(named, DICTIONARY);
}

describe('what a caller may see', () => {
  it('is everything with *, whatever else is there', () => {
    expect(visible('lxd:rack1', '*')).toBeUndefined();
  });

  it('is nothing with nothing, with what is no scope, and with what the store does not have', () => {
    expect(visible()).toEqual([]);
    expect(visible('', 'lxd', 'lxd:*:project', 'a b:c')).toEqual([]);
    expect(visible('cds:*', 'cds:main', 'lxd:nowhere', 'lxd:rack1:colour:red')).toEqual([]);
  });

  it('is said by numbers even where they are all that there are, so that what comes later is not in it', () => {
    expect(visible('waldur:*')).toEqual([{ typeIds: [1, 2] }]);
    expect(visible('lxd:rack1')).toEqual([{ typeIds: [3], sourceIds: [12] }]);
    // A site may have sources of several systems: the types tell them apart.
    expect(visible('lxd:main')).toEqual([{ typeIds: [3], sourceIds: [10, 11] }]);
  });

  it('is what belongs to anybody with a wildcard below a site, and not the rest of the site', () => {
    expect(visible('lxd:rack1:*')).toEqual([{ role: 'project', typeIds: [3], sourceIds: [12] }]);
    expect(visible('waldur:main:*')?.map(({ role }) => role)).toEqual(['tenant', 'project', 'actor']);
    expect(visible('waldur:main:customer:*')).toEqual([{ role: 'tenant', typeIds: [1, 2], sourceIds: [10, 11] }]);
  });

  it('has the keys of one role at one place together, each once', () => {
    const scopes = CUSTOMERS.map((customer) => `waldur:main:customer:${customer}`);
    const [part, ...others] = visible(...scopes, ...scopes) ?? [];
    expect(others).toEqual([]);
    expect(part).toMatchObject({ role: 'tenant', sourceIds: [10, 11] });
    expect(part?.keys).toHaveLength(2);
    expect(visible(...scopes, 'waldur:main:project:59ba1b0d5c904158a909406c2e416788')).toHaveLength(2);
  });

  it('is said by the name of a system or a site that has very many types or sources', () => {
    const many = (count: number) =>
      new TypeDictionary(
        Array.from({ length: count }, (_, id) => ({ id, system: 'lxd', type: `t${id}`, nativeType: `t${id}` })),
        Array.from({ length: count }, (_, id) => ({ id, source: `/lxd/${id}`, site: 'main' })),
      );
    const named = visibleTo(['lxd:main'], catalogue) ?? [];
    expect(rowsVisible(named, many(1_001))).toEqual([{ system: 'lxd', site: 'main' }]);
    expect(rowsVisible(named, many(1_000))).toMatchObject([
      { typeIds: { length: 1_000 }, sourceIds: { length: 1_000 } },
    ]);
  });
});
