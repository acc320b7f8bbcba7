import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../index.js';
import { WALDUR_GROUPS } from './groups.js';

/** Waldur's own table: each group's name, and below it, indented, its types. */
function seedGroups(): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  let types: string[] = [];
  const table = readFileSync(new URL('../../../test-data/waldur-groups.txt', import.meta.url), 'utf8');
  for (const line of table.trimEnd().split('\n')) {
    if (line.startsWith('  ')) types.push(line.trim());
    else groups.set(line, (types = []));
  }
  return groups;
}

const seed = seedGroups();
const declared = catalogue.types().filter(({ system }) => system === 'waldur');

describe("Waldur's catalogue against Waldur's own table", () => {
  it('reads the whole table: 218 types, 17 groups, 262 memberships', () => {
    expect(seed.size).toBe(17);
    expect([...seed.values()].flat()).toHaveLength(262);
    expect(new Set([...seed.values()].flat()).size).toBe(218);
  });

  it('has every type and no other', () => {
    const names = declared.map(({ nativeType }) => nativeType);
    expect(names.sort()).toEqual([...new Set([...seed.values()].flat())].sort());
    expect(declared.map(({ type }) => type).sort()).toEqual(names.map((name) => `com.waldur.${name}`));
  });

  it('has every group and no other', () => {
    expect([...WALDUR_GROUPS].sort()).toEqual([...seed.keys()].sort());
    expect([...catalogue.groups('waldur').keys()].sort()).toEqual([...seed.keys()].sort());
  });

  it.each([...seed])('has the types of %s and no others', (group, types) => {
    const inGroup = catalogue.groups('waldur').get(group) ?? [];
    expect(inGroup.map(({ nativeType }) => nativeType).sort()).toEqual([...types].sort());
  });

  it('gives a type that is in several groups the home of its entity', () => {
    const homes = new Map(declared.map(({ nativeType, domain }) => [nativeType, domain]));
    for (const { nativeType, groups } of declared.filter((type) => type.groups.length > 1)) {
      const expected = groups.find((group) => ['credits', 'ssh', 'resources', 'invoices'].includes(group));
      expect({ nativeType, home: homes.get(nativeType) }).toEqual({ nativeType, home: expected });
    }
    expect(catalogue.type('com.waldur.reduction_of_project_credit')?.kafkaTopic).toBe('lifecycle.waldur.credits');
    expect(catalogue.type('com.waldur.marketplace_resource_create_failed')?.domain).toBe('resources');
  });
});
