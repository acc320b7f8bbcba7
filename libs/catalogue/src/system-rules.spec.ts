import { IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { Catalogue } from './catalogue.js';
import { CatalogueError } from './catalogue-error.js';
import { event, system } from './definition.js';
import { systems as tidingsSystems } from './systems/index.js';

class OrderPayload {
  @IsString()
  order_id!: string;

  @IsOptional()
  @IsString()
  customer_id?: string;
}

class OldOrderPayload {
  @IsInt()
  order_number!: number;
}

class BarePayload {
  order_id!: string;
}

class NestedPayload {
  @ValidateNested()
  order!: object;
}

const PLACED = event({
  summary: 'An order was placed',
  version: 2,
  groups: ['orders'],
  subject: 'order_id',
  scopes: { customer: 'customer_id' },
  message: ({ order_id }) => `Order ${order_id} was placed.`,
  payload: OrderPayload,
  earlier: { 1: OldOrderPayload },
  example: { order_id: 'A-17' },
});

const SHOP = system({
  name: 'shop',
  title: 'Shop',
  typePrefix: 'com.example.shop.',
  scopeRoles: { customer: 'tenant' },
  undeclared: { subject: 'order_id', scopes: { customer: 'customer_id' }, message: () => 'Something.' },
  events: { 'order.placed': PLACED },
});

const withRow = (change: object) => ({ ...SHOP, events: { 'order.placed': { ...PLACED, ...change } } });

function errorOf(candidates: readonly unknown[]): CatalogueError {
  try {
    new Catalogue(tidingsSystems).extend(candidates);
  } catch (error) {
    if (error instanceof CatalogueError) return error;
  }
  throw new Error('It was taken.');
}

describe('a catalogue that a team adds to', () => {
  it('knows its types beside those of Tidings', () => {
    const catalogue = new Catalogue(tidingsSystems);
    catalogue.extend([SHOP]);
    expect(catalogue.system('shop')?.title).toBe('Shop');
    expect(catalogue.kafkaTopics()).toEqual(
      expect.arrayContaining(['lifecycle.shop.orders', 'lifecycle.shop.uncatalogued']),
    );
    expect(catalogue.type('com.example.shop.order.placed')?.validate({})).toEqual([
      { field: 'order_id', problem: 'is required' },
    ]);
    expect(catalogue.types().length).toBe(new Catalogue(tidingsSystems).types().length + 1);
  });

  it('has the schemas of former versions', () => {
    const type = new Catalogue([SHOP]).type('com.example.shop.order.placed');
    expect(type?.versions).toEqual([1, 2]);
    expect(type?.schemaOf(2)).toEqual(type?.schema);
    expect(type?.schemaOf(1)).toMatchObject({
      $id: 'urn:tidings:schema:com.example.shop.order.placed:1',
      required: ['order_number'],
    });
    expect(type?.schemaOf(3)).toBeUndefined();
  });

  it('takes nothing after it was read, which would not know of it', () => {
    const catalogue = new Catalogue(tidingsSystems);
    expect(catalogue.system('shop')).toBeUndefined();
    expect(() => catalogue.extend([SHOP])).toThrow(/the catalogue has been read/);
    expect(catalogue.system('shop')).toBeUndefined();
  });

  it('takes all or nothing', () => {
    const catalogue = new Catalogue(tidingsSystems);
    expect(() => catalogue.extend([SHOP, { ...SHOP, title: 'Other' }])).toThrow(CatalogueError);
    expect(catalogue.system('shop')).toBeUndefined();
  });

  it('is read on where a function of the team throws', () => {
    const throwing = (): never => {
      throw new Error('a mistake of the team');
    };
    const row = { ...PLACED, message: throwing, outcome: { of: throwing } };
    const type = new Catalogue([{ ...SHOP, events: { 'order.placed': row } }]).type('com.example.shop.order.placed');
    expect(type?.messageOf(null)).toBe('An event of Shop: order.placed.');
    expect(type?.outcomeOf(null)).toBeUndefined();
  });
});

describe('a system that is declared wrongly', () => {
  it.each([
    ['no object', 7, '', /a system is an object/],
    ['a name that scopes cannot hold', { ...SHOP, name: 'Shop:1' }, 'name', /lower-case letters/],
    ['the name of another', { ...SHOP, name: 'lxd' }, 'lxd.name', /is declared twice/],
    ['the title of another', { ...SHOP, title: 'Waldur' }, 'shop.title', /of the system waldur/],
    ['no title', { ...SHOP, title: ' ' }, 'shop.title', /how people call/],
    [
      'a prefix without its full stop',
      { ...SHOP, typePrefix: 'com.example' },
      'shop.typePrefix',
      /ends in a full stop/,
    ],
    ['a prefix of one part', { ...SHOP, typePrefix: 'com.' }, 'shop.typePrefix', /of two parts or more/],
    [
      'a prefix in that of another',
      { ...SHOP, typePrefix: 'com.waldur.shop.' },
      'shop.typePrefix',
      /overlaps with com.waldur/,
    ],
    [
      'a prefix around that of another',
      { ...SHOP, typePrefix: 'com.ovh.' },
      'shop.typePrefix',
      /overlaps with com.ovh.cds/,
    ],
    [
      'an unknown role',
      { ...SHOP, scopeRoles: { customer: 'owner' } },
      'shop.scopeRoles.customer',
      /one of tenant, project/,
    ],
    ['no reading of the undeclared', { ...SHOP, undeclared: undefined }, 'shop.undeclared', /how events of undeclared/],
    ['no events', { ...SHOP, events: [] }, 'shop.events', /an object of rows/],
    ['half a native format', { ...SHOP, native: { read: () => 7 } }, 'shop.native', /read and write/],
    ['a row with a blank in its name', { ...SHOP, events: { 'a b': PLACED } }, 'shop.events.a b', /letters, digits/],
    ['no summary', withRow({ summary: '' }), 'shop.events.order.placed.summary', /one line/],
    ['a version of zero', withRow({ version: 0 }), 'shop.events.order.placed.version', /from 1 on/],
    ['no group', withRow({ groups: [] }), 'shop.events.order.placed.groups', /one group or more/],
    [
      'the group of the undeclared',
      withRow({ groups: ['uncatalogued'] }),
      'shop.events.order.placed.groups',
      /none of them/,
    ],
    ['an open template', withRow({ subject: '{order_id' }), 'shop.events.order.placed.subject', /a path like/],
    [
      'a scope without a role',
      withRow({ scopes: { owner: 'a' } }),
      'shop.events.order.placed.scopes.owner',
      /gives a role/,
    ],
    ['an unknown outcome', withRow({ outcome: 'lost' }), 'shop.events.order.placed.outcome', /one of succeeded/],
    ['no message', withRow({ message: 'placed' }), 'shop.events.order.placed.message', /a function/],
    ['no class', withRow({ payload: {} }), 'shop.events.order.placed.payload', /must be a class/],
    [
      'a class without rules',
      withRow({ payload: BarePayload }),
      'shop.events.order.placed.payload',
      /without any rule/,
    ],
    [
      'a class without a schema',
      withRow({ payload: NestedPayload }),
      'shop.events.order.placed.payload',
      /no JSON Schema/,
    ],
    ['a wrong example', withRow({ example: {} }), 'shop.events.order.placed.example.order_id', /is required/],
    [
      'a former version that is to come',
      withRow({ earlier: { 2: OldOrderPayload } }),
      'shop.events.order.placed.earlier.2',
      /before/,
    ],
  ])('is refused for %s, naming the field', (_what, candidate, field, problem) => {
    const error = errorOf([candidate]);
    expect(error).toMatchObject({ code: 'INVALID_SYSTEM', retriable: false });
    expect(error.problems).toContainEqual({ field, problem: expect.stringMatching(problem) as string });
    expect(error.message).toContain(field);
  });

  it('is told all of its mistakes at once', () => {
    expect(errorOf([{ ...withRow({ version: 0, groups: [], earlier: undefined }), title: '' }]).problems).toHaveLength(
      3,
    );
  });
});
