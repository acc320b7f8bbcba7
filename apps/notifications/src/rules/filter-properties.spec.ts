import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RE2JS } from 're2js';
import { FilterError, type Filter } from './filter.js';
import { MAX_FILTER_LENGTH, parseFilter } from './filter-parser.js';

/** What the language consists of, to be put together in any order. */
const PIECES = [
  ...['$', '@', '.', '..', '*', '[', ']', '[?(', ')', '(', '()', ',', ':', '::', '!', 'not', 'not(', '&&', '||'],
  ...['==', '!=', '<', '<=', '>', '>=', '=~', '=', '&', '|', '0', '-1', '1e9', '1e999', '9'.repeat(30)],
  ...["'a'", '"b"', "'", '"', '\\', "'\\u00e9'", "'\\x'", '/a+/i', '/', 'true', 'false', 'null', ' ', '\n', '\u0000'],
  ...['data', 'type', '__proto__', 'constructor', 'a-b', 'é', '🦄', '\ud800', '$.data', '$.type', '$..a', '@.b'],
];

const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join('')),
  fc.string({ maxLength: 60, unit: 'binary' }),
);
const event = fc.record({ type: fc.string(), data: fc.jsonValue({ maxDepth: 5 }) });

/** A condition with its own meaning, told by a function that knows nothing of the parser. */
interface Meant {
  readonly text: string;
  readonly holds: (data: Readonly<Record<string, unknown>>) => boolean;
}

const NAMES = ['a', 'b', 'c'] as const;
const VALUES: readonly (string | number | boolean | null)[] = [
  0,
  1,
  -2.5,
  1e3,
  '',
  'x',
  'it\'s "so"',
  true,
  false,
  null,
];
const literal = fc.constantFrom(...VALUES);
const written = (value: unknown): string => JSON.stringify(value);

const comparison = fc
  .record({ name: fc.constantFrom(...NAMES), operator: fc.constantFrom('==', '!=', '<', '>='), value: literal })
  .map(({ name, operator, value }): Meant => ({
    text: `$.data.${name} ${operator} ${written(value)}`,
    holds: (data) => {
      if (!Object.hasOwn(data, name)) return false;
      const found = data[name];
      if (operator === '==') return found === value;
      if (operator === '!=') return found !== value;
      if (typeof found !== typeof value || (typeof found !== 'number' && typeof found !== 'string')) return false;
      const [left, right] = [found as number, value as number];
      return operator === '<' ? left < right : left >= right;
    },
  }));
const truth = fc
  .constantFrom(...NAMES)
  .map((name): Meant => ({ text: `$['data']["${name}"]`, holds: (data) => Boolean(data[name]) }));

const { condition } = fc.letrec<{ condition: Meant }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    comparison,
    truth,
    tie('condition').map((of): Meant => ({ text: `not(${of.text})`, holds: (data) => !of.holds(data) })),
    tie('condition').map((of): Meant => ({ text: `!( ${of.text} )`, holds: (data) => !of.holds(data) })),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]): Meant => ({
      text: `(${a.text}) && (${b.text})`,
      holds: (data) => a.holds(data) && b.holds(data),
    })),
    fc
      .tuple(tie('condition'), tie('condition'))
      .map(([a, b]): Meant => ({ text: `(${a.text})||(${b.text})`, holds: (data) => a.holds(data) || b.holds(data) })),
    // Without parentheses, && binds more tightly.
    fc.tuple(comparison, comparison, comparison).map(([a, b, c]): Meant => ({
      text: `${a.text} || ${b.text} && ${c.text}`,
      holds: (data) => a.holds(data) || (b.holds(data) && c.holds(data)),
    })),
  ),
}));
const data = fc.dictionary(fc.constantFrom(...NAMES), literal, { noNullPrototype: true });

function parsed(written: string): Filter | undefined {
  try {
    return parseFilter(written);
  } catch {
    return undefined;
  }
}

describe('filters, whatever is written', () => {
  it('are refused with a place inside of the text, or compiled into what always gives an answer', () => {
    fc.assert(
      fc.property(text, event, (written, given) => {
        try {
          const filter = parseFilter(written);
          expect(filter.matches(given)).toBeTypeOf('boolean');
          const verdict = filter.verdictOn(given.type);
          if (verdict !== undefined) expect(filter.matches(given)).toBe(verdict);
        } catch (error) {
          if (!(error instanceof FilterError)) throw error;
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position).toBeLessThanOrEqual(written.length);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('mean what they say', () => {
    fc.assert(
      fc.property(condition, data, ({ text: written, holds }, given) => {
        fc.pre(written.length <= MAX_FILTER_LENGTH);
        expect(parseFilter(written).matches({ type: 't', data: given })).toBe(holds(given));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never pass an event of a type that they exclude', () => {
    const types = fc.constantFrom('t', 'u', 'v');
    const ofType = fc.oneof(
      types.map((type) => `$.type == '${type}'`),
      types.map((type) => `'${type}' == $["type"]`),
      types.map((type) => `$.type =~ '^${type}'`),
      types.map((type) => `not($.type == '${type}')`),
      fc.constantFrom('true', 'false', '$.data.a', '$.*', '$.data.b == 1'),
    );
    const joined = fc
      .array(fc.tuple(ofType, fc.constantFrom('&&', '||')), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.map(([part, operator], at) => (at === 0 ? part : `${operator} ${part}`)).join(' '));
    fc.assert(
      fc.property(joined, types, data, (written, type, given) => {
        const filter = parseFilter(written);
        const matches = filter.matches({ type, data: given });
        if (filter.eventTypes?.has(type) === false) expect(matches).toBe(false);
        if (filter.verdictOn(type) !== undefined) expect(filter.verdictOn(type)).toBe(matches);
        if (!filter.readsData) expect(filter.matches({ type })).toBe(matches);
      }),
      { numRuns: 2_000 },
    );
  });

  it('find what the whole machine of the expression finds', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'ab',
      '^',
      '$',
      '.',
      'a*',
      'b?',
      'a+',
      '|',
      '(a|b)',
      '(ab|é)',
      '(?:b)',
      '?',
      '()',
      '{0}',
      '[ab]',
      '[^]a]',
      '\\.',
      '\\w',
      'a{2}',
      '(?i)',
      'é',
    );
    const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const looked = fc.array(fc.constantFrom('a', 'b', 'A', 'é', '\n'), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, looked, (written, given) => {
        const filter = parsed(`$.data =~ ${JSON.stringify(written)}`);
        fc.pre(filter !== undefined);
        expect(filter.matches({ data: given })).toBe(RE2JS.compile(written).matcher(given).find());
      }),
      { numRuns: 3_000 },
    );
  });

  it('take slices as arrays do', () => {
    const bound = fc.option(fc.integer({ min: -7, max: 7 }), { nil: undefined });
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 });
    fc.assert(
      fc.property(values, bound, bound, fc.integer({ min: 0, max: 9 }), (list, start, end, wanted) => {
        const written = `$.data[${start ?? ''}:${end ?? ''}] == ${wanted}`;
        expect(parseFilter(written).matches({ data: list })).toBe(list.slice(start, end).includes(wanted));
      }),
    );
  });
});

describe('filters and their limits', () => {
  it.each([
    ['$.data.region ==', 16],
    ['$.data.region = 1', 14],
    ["$.a == 'open", 7],
    ['$.a == 1 $.b', 9],
    ['$.a == 1 == 2', 4],
    ['$.a[1', 5],
    ['$.a[::0]', 6],
    ['$.', 2],
    ['not $.a', 4],
    ['!$.a == 1', 0],
    ["$.a =~ '(?=x)'", 7],
    ["$.a =~ '\\d'", 8],
    ['$.a =~ $.b', 7],
    ['$.a =~ /x/q', 7],
    ['colour', 0],
    ['($.a', 4],
  ])('%s is refused at %i', (written, position) => {
    expect(() => parseFilter(written)).toThrow(expect.objectContaining({ name: 'FilterError', position }));
  });

  it('refuses what is too long, too deep, or too large a pattern', () => {
    expect(() => parseFilter(`'${'x'.repeat(MAX_FILTER_LENGTH)}'`)).toThrow(FilterError);
    expect(() => parseFilter(`${'('.repeat(40)}true${')'.repeat(40)}`)).toThrow(FilterError);
    expect(() => parseFilter(`${'!'.repeat(40)}true`)).toThrow(FilterError);
    expect(() => parseFilter(`${'$[?(@'.repeat(40)}${')]'.repeat(40)}`)).toThrow(FilterError);
    expect(() => parseFilter(`$.a =~ '(?:a?){900}a{900}'`)).toThrow(FilterError);
  });

  it('ends, and says no, where an event would cost too much', () => {
    const wide = {
      type: 't',
      data: Array.from({ length: 400 }, (_, n) => ({ n, list: Array(400).fill(n) as unknown[] })),
    };
    for (const written of [
      '$..*..*..* == 1.5',
      'not($..*[?(@..* == 1.5)])',
      "$..* =~ '^(a|b)*c$' || $..* == $..*[?(@ == 1.5)]",
    ]) {
      expect(parseFilter(written).matches(wide)).toBe(false);
    }
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    expect(parseFilter('$..* == 2').matches({ data: deep })).toBe(false);
    expect(parseFilter('$.data == $.data').matches({ data: deep })).toBe(true);
    expect(parseFilter('$.data == $.other').matches({ data: deep, other: structuredClone({ x: [1] }) })).toBe(false);
  });

  it('sees own members only', () => {
    for (const written of ['$.constructor', '$.data.__proto__', '$.data.toString', "$.data['hasOwnProperty']"]) {
      expect(parseFilter(written).matches({ data: {} })).toBe(false);
    }
    expect(parseFilter('$.data.__proto__ == 1').matches({ data: JSON.parse('{"__proto__":1}') as unknown })).toBe(true);
  });
});
