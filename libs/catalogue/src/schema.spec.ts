import {
  Equals,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { schemaOf } from './schema.js';
import { validatePayload } from './validation.js';

class Inner {
  @IsString()
  @IsNotEmpty()
  name!: string;
}

class Outer {
  @IsString()
  text!: string;

  @IsOptional()
  @IsInt()
  count?: number;

  @IsOptional()
  @IsIn(['red', 'green'])
  colour?: string;

  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  words?: string[];

  @IsObject()
  @ValidateNested()
  inner!: Inner;

  @IsOptional()
  @ValidateNested()
  other?: Inner;

  @IsOptional()
  anything?: unknown;
}

class Wider extends Outer {
  @Equals('wider')
  kind!: 'wider';
}

class Untyped {
  @ValidateNested()
  inner!: object;
}

const GOOD = { text: 'a', inner: { name: 'b' } };
const problemsOf = (data: unknown) => validatePayload(Outer, data);

describe('schemaOf', () => {
  it('says what the rules say', () => {
    const inner = { type: 'object', properties: { name: { type: 'string', minLength: 1 } }, required: ['name'] };
    expect(schemaOf(Outer)).toEqual({
      type: 'object',
      properties: {
        text: { type: 'string' },
        count: { type: ['integer', 'null'] },
        colour: { type: ['string', 'null'], enum: ['red', 'green', null] },
        words: { type: ['array', 'null'], items: { type: 'string' } },
        inner,
        other: { ...inner, type: ['object', 'null'] },
        anything: {},
      },
      required: ['inner', 'text'],
    });
  });

  it('says what a class inherits, without changing what it inherits from', () => {
    const { required } = schemaOf(Wider);
    expect(required).toEqual(['inner', 'kind', 'text']);
    expect(schemaOf(Outer)['required']).toEqual(['inner', 'text']);
  });

  it('is made once a class', () => {
    expect(schemaOf(Outer)).toBe(schemaOf(Outer));
  });

  it('tells who declares a nested object without its class', () => {
    expect(() => schemaOf(Untyped)).toThrow('Untyped.inner');
  });
});

describe('validatePayload', () => {
  it.each([
    [GOOD],
    [{ ...GOOD, count: null, colour: null, words: null, other: null, anything: null }],
    [{ ...GOOD, count: 7, colour: 'red', words: ['a'], other: { name: 'c' }, anything: [1] }],
    [{ ...GOOD, undeclared: true, inner: { name: 'b', undeclared: true } }],
  ])('has nothing against %j', (data) => {
    expect(problemsOf(data)).toEqual([]);
  });

  it.each([
    [{ inner: { name: 'b' } }, 'text', /required/],
    [{ ...GOOD, text: null }, 'text', /string/],
    [{ ...GOOD, count: 7.5 }, 'count', /integer/],
    [{ ...GOOD, count: '7' }, 'count', /integer/],
    [{ ...GOOD, words: ['a', 7] }, 'words.1', /string/],
    [{ ...GOOD, inner: {} }, 'inner.name', /required/],
    [{ ...GOOD, inner: { name: '' } }, 'inner.name', /fewer than 1/],
    [{ ...GOOD, inner: [] }, 'inner', /object/],
    [{ ...GOOD, other: { name: 7 } }, 'other.name', /string/],
    ['text', '', /object/],
    [null, '', /object/],
    [[], '', /object/],
  ])('tells what is wrong with %j: %s', (data, field, problem) => {
    expect(problemsOf(data)).toContainEqual({ field, problem: expect.stringMatching(problem) as string });
  });

  it('names what would be right where there is a choice', () => {
    expect(problemsOf({ ...GOOD, colour: 'blue' })).toEqual([
      { field: 'colour', problem: 'must be one of red, green' },
    ]);
    expect(validatePayload(Wider, { ...GOOD, kind: 'narrow' })).toEqual([{ field: 'kind', problem: 'must be wider' }]);
  });

  it('says a kind that may be missing without the null', () => {
    expect(problemsOf({ ...GOOD, count: 'x' })).toEqual([{ field: 'count', problem: 'must be integer' }]);
  });

  it('names a field with a slash or a tilde as it is written', () => {
    class Odd {
      @IsString()
      'a/b~c'!: string;
    }
    expect(validatePayload(Odd, { 'a/b~c': 7 })).toEqual([{ field: 'a/b~c', problem: 'must be string' }]);
  });

  it('does not take what every object has for a field', () => {
    class Named {
      @IsString()
      constructor_name!: string;

      @IsOptional()
      @IsString()
      toString!: () => string;
    }
    expect(validatePayload(Named, {})).toEqual([{ field: 'constructor_name', problem: 'is required' }]);
  });

  it('tells the first twenty problems of many', () => {
    expect(problemsOf({ ...GOOD, words: Array.from({ length: 1000 }, () => 7) })).toHaveLength(20);
  });

  it('finds the one problem far behind', () => {
    const words = [...Array.from({ length: 1000 }, () => 'a'), 7];
    expect(problemsOf({ ...GOOD, words })).toEqual([{ field: 'words.1000', problem: 'must be string' }]);
  });
});
