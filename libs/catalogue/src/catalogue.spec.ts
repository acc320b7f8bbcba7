import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { Catalogue } from './catalogue.js';
import { event, system, type EventDefinition, type SystemDefinition } from './definition.js';
import { dataschemaOf } from './published-schema.js';

class BoatPayload {
  @IsString()
  @IsNotEmpty()
  name!: string;

  @IsOptional()
  @IsString()
  harbour?: string;

  @IsOptional()
  @IsString()
  state?: string;
}

function boat(change: Partial<EventDefinition<BoatPayload>> = {}): EventDefinition<BoatPayload> {
  return event({
    summary: 'A boat did something',
    version: 2,
    groups: ['boats', 'harbours'],
    subject: '{harbour}/{name}',
    scopes: { owner: 'harbour' },
    message: ({ name }) => `${name} did something.`,
    payload: BoatPayload,
    example: { name: 'Aino', harbour: 'Kotka' },
    ...change,
  });
}

function fleet(
  name: string,
  events: Readonly<Record<string, EventDefinition<object>>>,
  change: Partial<SystemDefinition> = {},
): SystemDefinition {
  return {
    ...system({
      name,
      title: name,
      typePrefix: `org.example.${name}.`,
      scopeRoles: { owner: 'tenant' },
      facets: { authMethod: 'state' },
      undeclared: { subject: 'name', scopes: { owner: 'harbour' }, outcome: 'failed', message: () => 'Something.' },
      events,
    }),
    ...change,
  };
}

const north = fleet('north', {
  'boat-launched': boat({ outcome: 'succeeded' }),
  'boat-sunk': boat({ groups: ['harbours'], outcome: { of: ({ state }) => (state === 'up' ? 'failed' : undefined) } }),
});
const south = fleet('south', { 'boat-launched': boat({ groups: ['boats'] }) });
const catalogue = new Catalogue([north, south]);

describe('a catalogue', () => {
  it('finds a type by its full name', () => {
    expect(catalogue.type('org.example.north.boat-launched')).toMatchObject({
      nativeType: 'boat-launched',
      system: 'north',
      groups: ['boats', 'harbours'],
      domain: 'boats',
      kafkaTopic: 'lifecycle.north.boats',
      version: 2,
      dataschema: dataschemaOf('org.example.north.boat-launched', 2),
      example: { name: 'Aino', harbour: 'Kotka' },
    });
    expect(catalogue.type('boat-launched')).toBeUndefined();
    expect(catalogue.type('toString')).toBeUndefined();
  });

  it('finds all that go by a native name, and one for a full name', () => {
    expect(catalogue.named('boat-launched').map(({ system }) => system)).toEqual(['north', 'south']);
    expect(catalogue.named('org.example.south.boat-launched')).toHaveLength(1);
    expect(catalogue.named('boat-burnt')).toEqual([]);
  });

  it('lists the types of each group, in each of their groups', () => {
    const groups = [...catalogue.groups('north')].map(([group, types]) => [
      group,
      types.map((type) => type.nativeType),
    ]);
    expect(groups).toEqual([
      ['boats', ['boat-launched']],
      ['harbours', ['boat-launched', 'boat-sunk']],
    ]);
    expect(catalogue.groups('west').size).toBe(0);
  });

  it('names every kafkaTopic, and one for the undeclared of each system', () => {
    expect(catalogue.kafkaTopics()).toEqual([
      'lifecycle.north.boats',
      'lifecycle.north.harbours',
      'lifecycle.north.uncatalogued',
      'lifecycle.south.boats',
      'lifecycle.south.uncatalogued',
    ]);
  });

  it('reads what can be told of an event', () => {
    const type = catalogue.type('org.example.north.boat-sunk');
    const data = { name: 'Aino', harbour: 'Kotka', state: 'up' };
    expect(type?.subjectOf(data)).toBe('Kotka/Aino');
    expect(type?.scopeOf('tenant', data)).toBe('Kotka');
    expect(type?.scopeOf('project', data)).toBeUndefined();
    expect(type?.facetOf('authMethod', data)).toBe('up');
    expect(type?.facetOf('relatedUser', data)).toBeUndefined();
    expect(type?.outcomeOf(data)).toBe('failed');
    expect(type?.outcomeOf({})).toBeUndefined();
    expect(type?.messageOf(data)).toBe('Aino did something.');
    expect(type?.validate(data)).toEqual([]);
    expect(type?.validate({})).toEqual([{ field: 'name', problem: 'is required' }]);
    expect(type?.schema).toMatchObject({ title: 'org.example.north.boat-sunk', required: ['name'] });
  });

  it.each([
    ['two systems of one name', [north, north], /north is declared twice/],
    [
      'two types of one name',
      [north, fleet('other', { 'boat-sunk': boat() }, { typePrefix: north.typePrefix })],
      /boat-sunk is declared twice/,
    ],
    ['a type in no group', [fleet('east', { a: boat({ groups: [] }) })], /in no group/],
    ['a home that no kafkaTopic can be named by', [fleet('east', { a: boat({ groups: ['a b'] }) })], /the group a b/],
    ['a scope without a role', [fleet('east', { a: boat({ scopes: { flag: 'name' } }) })], /the scope flag/],
  ])('refuses %s', (_what, systems, message) => {
    expect(() => new Catalogue(systems)).toThrow(TypeError);
    expect(() => new Catalogue(systems)).toThrow(message);
  });
});

describe('a type that nobody declared', () => {
  it('is read as its system says', () => {
    const reader = catalogue.undeclaredReader('north', 'org.example.north.boat-burnt');
    const data = { name: 'Aino', harbour: 'Kotka' };
    expect(reader).toMatchObject({
      type: 'org.example.north.boat-burnt',
      nativeType: 'boat-burnt',
      system: 'north',
      kafkaTopic: 'lifecycle.north.uncatalogued',
    });
    expect(reader.subjectOf(data)).toBe('Aino');
    expect(reader.scopeOf('tenant', data)).toBe('Kotka');
    expect(reader.outcomeOf(data)).toBe('failed');
    expect(reader.messageOf(data)).toBe('Something.');
  });

  it('goes by the name that its system would use', () => {
    const shouting = new Catalogue([fleet('loud', {}, { nativeType: (key) => key.toUpperCase() })]);
    expect(shouting.undeclaredReader('loud', 'org.example.loud.boat').nativeType).toBe('BOAT');
    expect(shouting.undeclaredReader('loud', 'com.other.boat').nativeType).toBe('com.other.boat');
  });

  it('is read by one reader, however often it comes, until many others have come', () => {
    const first = catalogue.undeclaredReader('north', 'org.example.north.x');
    expect(catalogue.undeclaredReader('north', 'org.example.north.x')).toBe(first);
    expect(catalogue.undeclaredReader('south', 'org.example.north.x')).not.toBe(first);
    // The names come from outside: whoever invents them without end must not fill the memory.
    for (let index = 0; index < 10_000; index += 1) catalogue.undeclaredReader('north', `org.example.north.${index}`);
    expect(catalogue.undeclaredReader('north', 'org.example.north.x')).not.toBe(first);
  });

  it('belongs to the system whose prefix fits best, if any', () => {
    const inner = fleet('inner', {}, { typePrefix: 'org.example.north.inner.' });
    const nested = new Catalogue([north, inner]);
    expect(nested.systemOfType('org.example.north.inner.boat')?.name).toBe('inner');
    expect(nested.systemOfType('org.example.north.boat')?.name).toBe('north');
    expect(nested.systemOfType('org.example.boat')).toBeUndefined();
  });

  it('cannot be of a system that there is not', () => {
    expect(() => catalogue.undeclaredReader('west', 'a')).toThrow(RangeError);
    expect(catalogue.system('west')).toBeUndefined();
  });
});

describe('the nearest names', () => {
  it.each([
    ['org.example.north.boat-lanched', 'org.example.north.boat-launched'],
    ['boat-sank', 'org.example.north.boat-sunk'],
    ['org.exmple.south.boat-launched', 'org.example.south.boat-launched'],
  ])('to %s begin with %s', (name, nearest) => {
    expect(catalogue.nearest(name)[0]).toBe(nearest);
  });

  it('are few, and none where nothing is like it', () => {
    expect(catalogue.nearest('boat-launched', 1)).toHaveLength(1);
    expect(catalogue.nearest('boat-launched')).toHaveLength(3);
    expect(catalogue.nearest('')).toEqual([]);
    expect(catalogue.nearest('com.example.quite.something.else')).toEqual([]);
    // That both are of one system is no likeness.
    expect(catalogue.nearest('org.example.north.zzzzzzzzzzzz')).not.toContain('org.example.north.boat-sunk');
  });

  it('are found for names of any length', () => {
    expect(catalogue.nearest('x'.repeat(1_000_000))).toEqual([]);
  });
});

describe('a source', () => {
  it.each([
    ['/north/main', 'north', undefined],
    ['/north/main/deeper', 'south', 'north'],
    ['/south/main', 'north', 'south'],
    // Names no known system, so that nobody is spoken for.
    ['/team/main', 'north', undefined],
    ['urn:north:main', 'south', undefined],
    ['/north', 'south', undefined],
  ])('called %s, with a type of %s, speaks for another system: %s', (source, system, foreign) => {
    expect(catalogue.foreignSystem(source, system)).toBe(foreign);
  });
});
