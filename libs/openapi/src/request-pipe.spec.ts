import type { Type } from '@nestjs/common';
import { isDomainError } from '@tidings/runtime';
import { expect, test } from 'vitest';
import { FlagField, IntegerField, JsonObjectField, NestedListField, Satisfies, TextField } from './fields.js';
import { RequestPipe, type RequestPolicy } from './request-pipe.js';

class Wheel {
  @IntegerField({ minimum: 1 })
  size!: number;

  @TextField({ optional: true })
  colour?: string;
}

class Bicycle {
  @TextField({ minLength: 1, maxLength: 5 })
  @Satisfies((name) => (name === 'taken' ? 'is taken' : undefined))
  name!: string;

  @FlagField({ optional: true })
  electric: boolean = false;

  @TextField({ optional: true, nullable: true })
  owner?: string | null;

  @JsonObjectField({ optional: true })
  notes?: object;

  @NestedListField(() => Wheel, { maxItems: 2, optional: true })
  wheels?: readonly Wheel[];
}

class Bicycles {
  @IntegerField({ minimum: 1, maximum: 9, optional: true })
  limit: number = 5;

  @FlagField({ optional: true })
  electric?: boolean;

  @IntegerField({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, optional: true })
  offset?: number;
}

const GOOD = { name: 'tour' };

async function read(
  value: unknown,
  metatype: Type = Bicycle,
  policy: RequestPolicy = {},
  type: 'body' | 'query' | 'param' = 'body',
) {
  return new RequestPipe(policy).transform(value, { type, metatype, data: undefined });
}

async function problems(...request: Parameters<typeof read>): Promise<unknown> {
  try {
    await read(...request);
    return 'none';
  } catch (error) {
    return isDomainError(error) ? (error.details.fields ?? error.code) : error;
  }
}

test('a body becomes an object of its class, with the defaults of what is left out', async () => {
  const bicycle = await read({ ...GOOD, wheels: [{ size: 28 }], notes: { a: [null] } });
  expect(bicycle).toBeInstanceOf(Bicycle);
  expect(bicycle).toEqual({ name: 'tour', electric: false, wheels: [{ size: 28 }], notes: { a: [null] } });
});

test('everything that is wrong is said at once, each where it is', async () => {
  expect(await problems({ name: '', electric: 'yes', notes: [], wheels: [{ size: 0 }, 3] })).toEqual({
    name: ['must be a text of 1 to 5 characters'],
    electric: ['must be true or false'],
    notes: ['must be a JSON object'],
    'wheels[0].size': ['must be a whole number from 1 on'],
    'wheels[1]': ['must be a JSON object'],
  });
  expect(await problems({ name: 'taken' })).toEqual({ name: ['is taken'] });
});

test('what is missing is required, and a body that is none says what it should be', async () => {
  expect(await problems({})).toEqual({ name: ['is required: a text of 1 to 5 characters'] });
  const expected = { body: ['must be a JSON object with name, electric, owner, notes, wheels'] };
  for (const body of [undefined, null, [], 'tour', 3]) expect(await problems(body)).toEqual(expected);
});

test('a member that nobody knows is refused with the nearest name, also deep inside', async () => {
  expect(await problems({ ...GOOD, eletric: true, wheels: [{ size: 1, x: 1 }] })).toEqual({
    eletric: ['is not known here; did you mean electric?'],
    'wheels[0].x': ['is not known here; there are size, colour'],
  });
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`x${index}`, 1]));
  expect(Object.keys((await problems({ ...GOOD, ...many })) as object)).toHaveLength(20);
});

test('an object with more members than could be read in good time is refused, wherever it is', async () => {
  const wide = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`x${index}`, 1]));
  const expected = { body: ['must not have more than 2000 members in one object'] };
  expect(await problems(wide)).toEqual(expected);
  expect(await problems({ ...GOOD, notes: { a: [wide] } })).toEqual(expected);
});

test('null is refused, or stands for a member that is left out, as the policy says', async () => {
  expect(await problems({ ...GOOD, electric: null })).toEqual({ electric: ['must be true or false'] });
  expect(await read({ ...GOOD, owner: null })).toEqual({ name: 'tour', electric: false, owner: null });
  const lenient = { nullIsMissing: true };
  expect(await read({ ...GOOD, notes: null, wheels: [{ size: 1, colour: null }] }, Bicycle, lenient)).toMatchObject(
    GOOD,
  );
  expect(await problems({ name: null }, Bicycle, lenient)).toEqual({
    name: ['is required: a text of 1 to 5 characters'],
  });
});

test('a query is text, of which numbers and flags are read', async () => {
  expect(await read({ limit: '3', electric: 'true' }, Bicycles, {}, 'query')).toEqual({ limit: 3, electric: true });
  expect(await read({}, Bicycles, {}, 'query')).toEqual({ limit: 5 });
  expect(await read({ offset: '9007199254740990' }, Bicycles, {}, 'query')).toEqual({ limit: 5, offset: 2 ** 53 - 2 });
  expect(await problems({ limit: '3.5', electric: '1' }, Bicycles, {}, 'query')).toEqual({
    limit: ['must be a whole number from 1 to 9'],
    electric: ['must be true or false'],
  });
  expect(await problems({ limit: ['3', '4'] }, Bicycles, {}, 'query')).toEqual({ limit: ['must be given once'] });
  // In a body a number is a number.
  expect(await problems({ limit: '3' }, Bicycles)).toEqual({ limit: ['must be a whole number from 1 to 9'] });
});

test('an empty text in a query stands for a missing one, where null does in a body', async () => {
  expect(await read({ limit: '', '': '' }, Bicycles, { nullIsMissing: true }, 'query')).toEqual({ limit: 5 });
  expect(await problems({ limit: '' }, Bicycles, {}, 'query')).toEqual({
    limit: ['must be a whole number from 1 to 9'],
  });
});

test('a path that cannot be leads nowhere', async () => {
  expect(await problems({ size: 'x' }, Wheel, {}, 'param')).toBe('not_found');
  expect(await read({ size: '3' }, Wheel, {}, 'param')).toEqual({ size: 3 });
});
