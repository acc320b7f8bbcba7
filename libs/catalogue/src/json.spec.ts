import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_JSON_DEPTH, canonicalJson, isJsonObject, parseJson, stringifyJson } from './json.js';

const HUGE =
  '{"big":12345678901234567890,"tiny":1e-400,"wide":1E+400,"long":0.12345678901234567890,"plain":[1,-0.5,2.5e3]}';

describe('parseJson', () => {
  it('gives one object for both when JSON.parse loses nothing', () => {
    const parsed = parseJson('{"a":[1,2.5,"3"],"at":"2026-11-02T10:42:03.737616214Z","b":900719925474099}');
    expect(parsed.exact).toBe(parsed.plain);
  });

  it('does not take the digits of uuids, times and prose for unusual numbers', () => {
    const text = JSON.stringify({
      id: '5e3a1e2f-0e10-4e5e-9e99-1e1e1e1e1e1e',
      at: '2026-11-02T10:42:03.737616214Z',
      account: '3e7a615b39f74944af8d6d7b63d9',
      digits: '12345678901234567890',
    });
    const parsed = parseJson(text);
    expect(parsed.exact).toBe(parsed.plain);
  });

  it('reads numbers for validation as JSON.parse does', () => {
    expect(parseJson(HUGE).plain).toEqual(JSON.parse(HUGE));
  });

  it('reads as JSON.parse does where it takes the slower way', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const { exact, plain } = parseJson(`[${text},1234567890123456]`);
        expect(exact).not.toBe(plain);
        expect(JSON.parse(stringifyJson(exact))).toEqual(JSON.parse(JSON.stringify(plain)));
      }),
    );
  });

  it('lets the last of two equal keys count, whichever way it takes', () => {
    expect(stringifyJson(parseJson('{"a":1,"a":2}').exact)).toBe('{"a":2}');
    expect(stringifyJson(parseJson('{"a":12345678901234567890,"a":98765432109876543210}').exact)).toBe(
      '{"a":98765432109876543210}',
    );
  });

  it.each(['', '{', '{"a":1,}', "{'a':1}", '[1 2]', '01', 'NaN', '{"a":12345678901234567890', '"\u0000"'])(
    'refuses %j with a SyntaxError',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );
});

describe('stringifyJson', () => {
  it('writes huge numbers with all their digits', () => {
    const text = '{"big":12345678901234567890,"tiny":1e-400,"wide":[1E+400,{"long":0.12345678901234567890}]}';
    expect(stringifyJson(parseJson(text).exact)).toBe(text);
  });

  it('writes what it read, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(stringifyJson(parseJson(text).exact)).toBe(text);
      }),
    );
  });

  it.each([
    ['a null character', String.raw`{"a":"\u0000","\u0000":1}`],
    ['halves of a surrogate pair', String.raw`{"a":"\ud800","b":"x\udc00y"}`],
    ['a character beyond 16 bits', '{"a":"🐻‍❄️"}'],
    ['quotes and backslashes', String.raw`{"a\"b":"c\\d\n"}`],
    ['keys that objects have anyway', '{"__proto__":{"polluted":true},"constructor":1,"toString":2}'],
  ])('keeps %s', (_what, text) => {
    expect(stringifyJson(parseJson(text).exact)).toBe(text);
    const huge = `[${text},12345678901234567890]`;
    expect(stringifyJson(parseJson(huge).exact)).toBe(huge);
  });

  it('keeps 10,000 keys in their order', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key_${index * 7919}`, index]));
    const text = JSON.stringify({ many, big: 0 }).replace('"big":0', '"big":12345678901234567890');
    expect(stringifyJson(parseJson(text).exact)).toBe(text);
  });

  it('writes null where JSON has nothing to say', () => {
    expect(stringifyJson(undefined)).toBe('null');
    expect(stringifyJson([undefined])).toBe('[null]');
  });
});

describe('a key called __proto__', () => {
  it('is a key like any other and changes no prototype', () => {
    for (const text of ['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":12345678901234567890}}']) {
      const exact = parseJson(text).exact as object;
      expect(Object.getPrototypeOf(exact)).toBe(Object.prototype);
      expect(Object.keys(exact)).toEqual(['__proto__']);
      expect(canonicalJson(exact)).toBe(text);
    }
  });
});

describe('canonicalJson', () => {
  it('is one text for equal values, whatever the order of their keys', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(value, (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(object));
      }),
    );
  });

  it('is another text for another value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const left = JSON.parse(JSON.stringify(a)) as unknown;
        const right = JSON.parse(JSON.stringify(b)) as unknown;
        expect(canonicalJson(left) === canonicalJson(right)).toBe(isDeeplyEqual(left, right));
      }),
    );
  });

  it('is JSON again, with the same value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(canonicalJson(JSON.parse(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('tells huge numbers apart that are one double', () => {
    const [a, b] = ['9007199254740993', '9007199254740992'].map((digits) => canonicalJson(parseJson(digits).exact));
    expect(a).not.toBe(b);
  });

  it('does not take text for a number', () => {
    expect(canonicalJson(parseJson('12345678901234567890').exact)).not.toBe(canonicalJson('12345678901234567890'));
  });

  it('says a date as JSON.stringify does', () => {
    expect(canonicalJson({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });
});

describe('deep nesting', () => {
  const nested = (levels: number, inside = '') => '['.repeat(levels) + inside + ']'.repeat(levels);
  const built = (levels: number) => {
    let value: unknown[] = [];
    for (let level = 1; level < levels; level += 1) value = [value];
    return value;
  };

  it('is kept up to the limit', () => {
    for (const inside of ['', '1', '12345678901234567890']) {
      const text = nested(MAX_JSON_DEPTH, inside);
      expect(stringifyJson(parseJson(text).exact)).toBe(text);
      expect(canonicalJson(parseJson(text).exact)).toBe(text);
    }
    const objects = '{"a":'.repeat(MAX_JSON_DEPTH) + '1' + '}'.repeat(MAX_JSON_DEPTH);
    expect(stringifyJson(parseJson(objects).exact)).toBe(objects);
  });

  it.each([MAX_JSON_DEPTH + 1, 10_000, 100_000])('of %i levels is refused when it is read', (levels) => {
    expect(() => parseJson(nested(levels))).toThrow(new SyntaxError('JSON nested deeper than 512 levels'));
    expect(() => parseJson(nested(levels, '12345678901234567890'))).toThrow(SyntaxError);
    expect(() => parseJson('{"a":'.repeat(levels) + '1' + '}'.repeat(levels))).toThrow(SyntaxError);
  });

  it.each([MAX_JSON_DEPTH + 1, 10_000, 100_000])('of %i levels is refused when it is written', (levels) => {
    expect(() => stringifyJson(built(levels))).toThrow(new RangeError('JSON nested deeper than 512 levels'));
    expect(() => canonicalJson(built(levels))).toThrow(RangeError);
  });

  it('without end is refused', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(() => canonicalJson(circle)).toThrow(RangeError);
    expect(() => stringifyJson(circle)).toThrow(TypeError);
  });

  it('is told from many brackets side by side', () => {
    const text = `[${Array.from({ length: 5000 }, () => '[]').join()}]`;
    expect(stringifyJson(parseJson(text).exact)).toBe(text);
    expect(parseJson(JSON.stringify('['.repeat(5000))).plain).toHaveLength(5000);
  });
});

describe('isJsonObject', () => {
  it.each([
    [{}, true],
    [[], false],
    [null, false],
    ['{}', false],
    [undefined, false],
    [parseJson('12345678901234567890').exact, false],
  ])('of %j is %s', (value, answer) => {
    expect(isJsonObject(value)).toBe(answer);
  });
});

function isDeeplyEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b);
    return true;
  } catch {
    return false;
  }
}
