import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../index.js';

const declared = catalogue.types().filter(({ system }) => system === 'cds');

function table(name: string): readonly string[] {
  return readFileSync(new URL(`../../../test-data/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
}

/** CDS's own documentation: each family's title, and below it, indented, its types. */
function seedFamilies(): ReadonlyMap<string, readonly string[]> {
  const families = new Map<string, string[]>();
  let types: string[] = [];
  for (const line of table('cds-families.txt')) {
    if (line.startsWith('  ')) types.push(line.trim());
    else families.set(line, (types = []));
  }
  return families;
}

const seed = seedFamilies();

/** What CDS's code has beyond its documentation. */
const BEYOND_THE_SEED = [
  ...['RunRestart', 'RunDeleted', 'RunJobBlocked', 'RunJobCancelled', 'RunJobSkipped', 'RunJobStopped'],
  ...['VCSCreated', 'VCSUpdated', 'VCSDeleted', 'ConcurrencyCreated', 'ConcurrencyUpdated', 'ConcurrencyDeleted'],
  ...['HatcheryTokenRegen', 'EventProjectPurge'],
];

/** The fields of each family by the beginning of its types' names; the longest beginning counts. */
const fieldsByFamily = new Map(
  table('cds-fields.txt').map((line) => {
    const [family = '', fields = ''] = line.split(': ');
    return [family, fields.split(' ')];
  }),
);

function fieldsOf(type: string): readonly string[] {
  const families = [...fieldsByFamily.keys()].filter((family) => type.startsWith(family));
  return fieldsByFamily.get(families.sort((a, b) => b.length - a.length)[0] ?? '') ?? [];
}

describe("CDS's catalogue against CDS's own tables", () => {
  it('reads the whole table: 53 types in 18 families', () => {
    expect(seed.size).toBe(18);
    expect([...seed.values()].flat()).toHaveLength(53);
  });

  it('has the documented types, those of the code, and nothing else: 66 and one renamed', () => {
    const names = declared.map(({ nativeType }) => nativeType).sort();
    expect(names).toEqual([...[...seed.values()].flat(), ...BEYOND_THE_SEED].sort());
    expect(names).toHaveLength(67);
    expect(declared.map(({ type }) => type).sort()).toEqual(names.map((name) => `com.ovh.cds.${name}`));
  });

  it.each([...seed])('keeps the types of "%s" together, in a group of their own', (_family, types) => {
    const homes = new Set(types.map((type) => catalogue.type(`com.ovh.cds.${type}`)?.domain));
    expect(homes.size).toBe(1);
    const [home = ''] = homes;
    const others = [...seed.values()].flat().filter((type) => !types.includes(type));
    expect(others.filter((type) => catalogue.type(`com.ovh.cds.${type}`)?.domain === home)).toEqual([]);
  });

  it('has 20 groups: the 18, version control servers and concurrency rules', () => {
    expect([...catalogue.groups('cds').keys()].sort()).toEqual([
      'analysis',
      'concurrency',
      'entity',
      'hatchery',
      'integration',
      'integration-model',
      'notification',
      'organization',
      'permission',
      'plugin',
      'project',
      'region',
      'repository',
      'run',
      'run-job',
      'user',
      'user-gpg-key',
      'variable-set',
      'variable-set-item',
      'vcs',
    ]);
  });

  it.each(declared.map(({ nativeType, schema }) => [nativeType, schema] as const))(
    'gives %s the fields of its family and no others',
    (nativeType, schema) => {
      expect(Object.keys(schema['properties'] ?? {}).sort()).toEqual([...fieldsOf(nativeType)].sort());
    },
  );

  it('requires the project of whatever has one', () => {
    for (const { nativeType, schema } of declared) {
      const required = (schema['required'] ?? []) as string[];
      expect({ nativeType, ofProject: required.includes('project_key') }).toEqual({
        nativeType,
        ofProject: fieldsOf(nativeType).includes('project_key'),
      });
    }
  });

  it('takes any JSON for the payload', () => {
    const type = catalogue.type('com.ovh.cds.ProjectCreated');
    for (const payload of [null, [], {}, 'text', 7, true, [{ deep: [1] }]]) {
      expect(type?.validate({ project_key: 'GENOME', payload })).toEqual([]);
    }
    expect(type?.validate({ project_key: 'GENOME' })).toEqual([]);
  });
});
