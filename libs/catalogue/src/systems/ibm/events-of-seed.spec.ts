import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../schema.js';
import { catalogue } from '../index.js';

const PREFIX = 'com.ibm.cloud.resource-lifecycle-events.';
const declared = catalogue.types().filter(({ system }) => system === 'ibm');

function table(name: string): readonly string[] {
  return readFileSync(new URL(`../../../test-data/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
}

/** Family and sub-type, as IBM's documentation spells them. */
const types = table('ibm-types.txt').map((line) => line.split(' ') as [string, string]);
/** Path and kind of every field. */
const fields = new Map(table('ibm-fields.txt').map((line) => line.split(': ') as [string, string]));

/** Every field of a schema by its dotted path, with the kinds it may have. */
function fieldsOf(schema: JsonSchema, prefix = ''): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)) {
    found.set(prefix + name, [property['type']].flat() as string[]);
    for (const [path, kinds] of fieldsOf(property, `${prefix}${name}.`)) found.set(path, kinds);
  }
  return found;
}

/** The paths of the fields that an event must have. */
function requiredOf(schema: JsonSchema, prefix = ''): readonly string[] {
  const required = (schema['required'] ?? []) as string[];
  return Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>).flatMap(([name, property]) => [
    ...(required.includes(name) ? [prefix + name] : []),
    ...requiredOf(property, `${prefix}${name}.`),
  ]);
}

describe("IBM Cloud's catalogue against IBM's own tables", () => {
  it('reads the whole tables: 17, 4 and 3 types, 33 fields', () => {
    const count = (family: string) => types.filter(([name]) => name === family).length;
    expect([count('instance'), count('key'), count('Resource_group')]).toEqual([17, 4, 3]);
    expect(fields.size).toBe(33);
  });

  it('has every type and no other', () => {
    const names = types.map(([family, subType]) => `${PREFIX}${family.toLowerCase()}:${subType}`);
    expect(declared.map(({ type }) => type).sort()).toEqual(names.sort());
  });

  it.each(types)('knows %s %s by its inner name and keeps it in its group', (family, subType) => {
    const type = catalogue.type(`${PREFIX}${family.toLowerCase()}:${subType}`);
    const inner = `resource-controller.${family}.${subType}`;
    expect(type?.nativeType).toBe(inner);
    expect(type?.groups).toEqual([family.toLowerCase()]);
    expect(type?.kafkaTopic).toBe(`lifecycle.ibm.${family.toLowerCase()}`);
    expect(catalogue.named(inner)).toEqual([type]);
    expect((type?.schema['properties'] as Record<string, JsonSchema>)['event_type']?.['enum']).toEqual([inner]);
  });

  it.each(declared.map(({ nativeType, schema }) => [nativeType, schema] as const))(
    'gives %s every field, each of its kind, and no other',
    (_nativeType, schema) => {
      const found = fieldsOf(schema);
      expect([...found.keys()].sort()).toEqual([...fields.keys()].sort());
      for (const [path, kind] of fields)
        expect([path, found.get(path)]).toEqual([path, expect.arrayContaining([kind.toLowerCase()])]);
    },
  );

  it('requires what every event has, and leaves the rest to the kind of resource', () => {
    for (const { schema } of declared) {
      expect([...requiredOf(schema)].sort()).toEqual([
        'account_id',
        'context',
        'event_id',
        'event_properties',
        'event_properties.crn',
        'event_type',
        'timestamp',
      ]);
    }
  });
});
