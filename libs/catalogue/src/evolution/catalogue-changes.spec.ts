import {
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { Catalogue } from '../catalogue.js';
import { event, system, type EventDefinition, type SystemDefinition } from '../definition.js';
import { systems } from '../systems/index.js';
import { CATALOGUE_CHANGES, isBreaking } from './catalogue-change.js';
import { catalogueChanges } from './catalogue-changes.js';
import { catalogueSnapshot, snapshotProblem, snapshotText } from './catalogue-snapshot.js';

class Place {
  @IsString()
  shelf!: string;
}

class Parcel {
  @IsString()
  id!: string;

  @IsOptional()
  @IsIn(['small', 'large'])
  size?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  grams?: number;

  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  labels?: string[];

  @ValidateNested()
  place!: Place;
}

type Row = EventDefinition<object>;

const ROW: Row = event({
  summary: 'A parcel came',
  version: 1,
  groups: ['parcels', 'arrivals'],
  subject: 'id',
  scopes: { customer: 'id' },
  outcome: 'succeeded',
  message: () => 'A parcel came.',
  payload: Parcel,
  example: { id: '1', place: { shelf: 'A' } },
});

const DEPOT: SystemDefinition = system({
  name: 'depot',
  title: 'Depot',
  typePrefix: 'com.example.depot.',
  scopeRoles: { customer: 'tenant' },
  undeclared: { subject: 'id', scopes: {}, message: () => 'Something.' },
  events: { came: ROW },
});

const changesOf = (after: SystemDefinition, before: SystemDefinition = DEPOT) =>
  catalogueChanges(catalogueSnapshot(new Catalogue([before])), catalogueSnapshot(new Catalogue([after])));

const withRow = (change: Partial<Row>): SystemDefinition => ({ ...DEPOT, events: { came: { ...ROW, ...change } } });

/** With the version raised and the former class kept, as whoever changes a payload should. */
const withPayload = (payload: new () => object) =>
  changesOf(withRow({ payload, version: 2, earlier: { 1: ROW.payload } })).map(({ code, field }) => [code, field]);

describe('what has changed in a catalogue', () => {
  it('is nothing where nothing has', () => {
    expect(changesOf(withRow({ summary: 'A parcel has come', message: () => 'A parcel has come.' }))).toEqual([]);
  });

  it.each([
    ['system_removed', { ...DEPOT, name: 'store', typePrefix: 'com.example.store.' }, 'depot', ''],
    ['type_removed', { ...DEPOT, events: { arrived: ROW } }, 'com.example.depot.came', ''],
    [
      'scope_kind_removed',
      { ...DEPOT, scopeRoles: { customer: 'tenant', owner: 'actor' } },
      'depot',
      'scopeRoles.owner',
    ],
    ['scope_role_changed', { ...DEPOT, scopeRoles: { customer: 'actor' } }, 'depot', 'scopeRoles.customer'],
    ['context_field_changed', { ...DEPOT, contextField: 'place' }, 'depot', 'contextField'],
    [
      'native_type_changed',
      { ...DEPOT, nativeType: (key: string) => `parcel-${key}` },
      'com.example.depot.came',
      'nativeType',
    ],
    ['kafka_topic_changed', withRow({ groups: ['arrivals', 'parcels'] }), 'com.example.depot.came', 'groups'],
    ['group_removed', withRow({ groups: ['parcels'] }), 'com.example.depot.came', 'groups'],
    ['subject_changed', withRow({ subject: 'place.shelf' }), 'com.example.depot.came', 'subject'],
    ['scopes_changed', withRow({ scopes: {} }), 'com.example.depot.came', 'scopes'],
    ['outcome_changed', withRow({ outcome: 'failed' }), 'com.example.depot.came', 'outcome'],
  ] as const)('breaks somebody: %s', (code, other, of, field) => {
    // Roles are only ever taken away from the one that has more.
    const [before, after] = code === 'scope_kind_removed' ? [other, DEPOT] : [DEPOT, other];
    const found = changesOf(after, before).find((change) => change.code === code);
    expect(found).toMatchObject({ of, field, breaks: CATALOGUE_CHANGES[code] });
    expect(isBreaking(found ?? { code, breaks: 'nobody', of, field, problem: '' })).toBe(true);
  });

  it('breaks nobody where systems, types, groups and kinds of scope come', () => {
    const more = {
      ...withRow({ groups: ['parcels', 'arrivals', 'news'] }),
      scopeRoles: { customer: 'tenant', owner: 'actor' },
    } as const;
    const after = { ...more, events: { ...more.events, left: ROW } };
    const codes = catalogueChanges(
      catalogueSnapshot(new Catalogue([DEPOT])),
      catalogueSnapshot(
        new Catalogue([after, { ...DEPOT, name: 'store', title: 'Store', typePrefix: 'com.example.store.' }]),
      ),
    );
    expect(codes.map(({ code }) => code)).toEqual([
      'scope_kind_added',
      'system_added',
      'group_added',
      'type_added',
      'type_added',
    ]);
    expect(codes.filter(isBreaking)).toEqual([]);
  });
});

describe('a payload that has changed', () => {
  class Labelled extends Parcel {
    @IsOptional()
    @IsString()
    sender?: string;
  }

  it('under the version that it had is told, since its schema is kept for ever by that', () => {
    const [change] = changesOf(withRow({ payload: Labelled }));
    expect(change).toMatchObject({
      code: 'version_not_raised',
      field: 'version',
      problem: expect.stringContaining('raise it to 2') as string,
    });
  });

  it('has to keep its former class, and not another', () => {
    expect(changesOf(withRow({ payload: Labelled, version: 2 })).map(({ code }) => code)).toContain(
      'former_version_lost',
    );
    const swapped = withRow({ payload: Labelled, version: 2, earlier: { 1: Place } });
    expect(changesOf(swapped).map(({ code }) => code)).toContain('former_version_changed');
    expect(changesOf(DEPOT, withRow({ version: 2 })).map(({ code }) => code)).toEqual(['version_lowered']);
  });

  it('breaks nobody where an optional field comes', () => {
    expect(withPayload(Labelled)).toEqual([['field_added', 'sender']]);
  });

  it('breaks nobody where a choice comes, and producers where one goes', () => {
    class Sizes extends Parcel {
      @IsOptional()
      @IsIn(['small', 'huge'])
      override size?: string;
    }
    expect(withPayload(Sizes)).toEqual([
      ['choice_removed', 'size'],
      ['choice_added', 'size'],
    ]);
  });

  it('breaks producers where more is demanded of them', () => {
    class Strict {
      @IsString()
      @MaxLength(8)
      id!: string;

      @IsIn(['small', 'large'])
      size!: string;

      @IsOptional()
      @IsInt()
      @Min(10)
      grams?: number;

      @IsOptional()
      @IsArray()
      @IsIn(['fragile'], { each: true })
      labels?: string[];

      @ValidateNested()
      place!: Place;

      @IsString()
      sender!: string;
    }
    expect(withPayload(Strict)).toEqual([
      ['limit_tightened', 'id'],
      ['field_became_required', 'size'],
      ['limit_tightened', 'grams'],
      ['choices_introduced', 'labels[]'],
      ['required_field_added', 'sender'],
    ]);
  });

  it('breaks consumers where less is promised to them', () => {
    class Shelf {
      @IsOptional()
      @IsString()
      shelf?: string;
    }
    class Loose {
      @IsOptional()
      @IsString()
      id?: string;

      @IsOptional()
      @IsString()
      size?: string;

      @IsOptional()
      @IsNumber()
      grams?: number;

      @ValidateNested()
      place!: Shelf;
    }
    expect(withPayload(Loose)).toEqual([
      ['field_became_optional', 'id'],
      ['choices_lifted', 'size'],
      ['kind_widened', 'grams'],
      ['limit_loosened', 'grams'],
      ['field_removed', 'labels'],
      ['field_became_optional', 'place.shelf'],
    ]);
  });

  it('breaks both where a kind is another, or a rule that nobody can compare', () => {
    class Numbered extends Parcel {
      @IsInt()
      override id!: never;
    }
    class Before extends Parcel {
      @Matches(/^[a-z]+$/)
      override id!: string;
    }
    class After extends Parcel {
      @Matches(/^[a-z]*$/)
      override id!: string;
    }
    expect(withPayload(Numbered)).toEqual([['kind_changed', 'id']]);
    const [change] = changesOf(
      withRow({ payload: After, version: 2, earlier: { 1: Before } }),
      withRow({ payload: Before }),
    );
    expect(change).toMatchObject({ code: 'rule_changed', field: 'id', breaks: 'producers and consumers' });
  });
});

describe('a snapshot', () => {
  it('says the same after it was kept in a file', () => {
    const snapshot = catalogueSnapshot(new Catalogue(systems));
    const kept = JSON.parse(snapshotText(snapshot)) as typeof snapshot;
    expect(snapshotProblem(kept)).toBeUndefined();
    expect(catalogueChanges(kept, snapshot)).toEqual([]);
  });

  it.each([
    [null, /no snapshot/],
    [{ types: {} }, /no snapshot/],
    [{ format: 'other' }, /tidings-catalogue-1 is known/],
    [{ format: 'tidings-catalogue-1', systems: {}, types: {} }, /lacks its member schemas/],
  ])('is not %j', (value, problem) => {
    expect(snapshotProblem(value)).toMatch(problem);
  });
});
