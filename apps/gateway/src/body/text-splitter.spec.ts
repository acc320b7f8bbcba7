import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyError } from './body-error.js';
import { JsonSplitter } from './json-splitter.js';
import { LineSplitter } from './line-splitter.js';
import { isOversize, type Cut, type TextSplitter } from './text-splitter.js';

/** Cuts a text that arrives in pieces of the given sizes, used in turn. */
function cutsOf(splitter: TextSplitter, text: string | Buffer, sizes: readonly number[] = [text.length]): string[] {
  const bytes = Buffer.from(text);
  const cuts: string[] = [];
  let from = 0;
  for (let turn = 0; from < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    // A copy, as of a socket whose buffer is used again.
    for (const cut of splitter.write(Buffer.from(bytes.subarray(from, from + size)))) cuts.push(said(cut));
    from += size;
  }
  for (const cut of splitter.end()) cuts.push(said(cut));
  return cuts;
}

function said(cut: Cut): string {
  return isOversize(cut) ? 'OVERSIZE' : cut.toString();
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const lines = (limit = 1_000) => new LineSplitter(limit);
const json = (limit = 1_000, allows = { lines: true }) => new JsonSplitter(limit, allows);

describe('LineSplitter', () => {
  it('gives every line, however the body is cut up on its way', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { minLength: 1 }), sizes, fc.constantFrom('\n', '\r\n'), (texts, pieces, end) => {
        expect(cutsOf(lines(10_000), texts.join(end), pieces)).toEqual(texts.map((text) => text.trim()));
      }),
    );
  });

  it('skips blank lines, white space around texts, and a byte order mark', () => {
    expect(cutsOf(lines(), '\ufeff{"a":1}\r\n\n  \n\t{"b":2}  \n')).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('takes a last line without an end', () => {
    expect(cutsOf(lines(), '1\n2')).toEqual(['1', '2']);
  });

  it('skips a line beyond the limit up to its end, and goes on behind it', () => {
    const long = `"${'x'.repeat(100)}"`;
    fc.assert(
      fc.property(sizes, (pieces) => {
        expect(cutsOf(lines(20), `"first"\n${long}\n"last"\n${long}`, pieces)).toEqual([
          '"first"',
          'OVERSIZE',
          '"last"',
          'OVERSIZE',
        ]);
      }),
    );
  });

  it('counts the text only, not the white space around it', () => {
    const exact = `"${'x'.repeat(18)}"`;
    expect(cutsOf(lines(20), ` ${exact} \r\n`)).toEqual([exact]);
    expect(cutsOf(lines(19), ` ${exact} \r\n`)).toEqual(['OVERSIZE']);
  });

  it('keeps no more of a long line than the limit', () => {
    const splitter = lines(1_000);
    const before = process.memoryUsage().arrayBuffers;
    const kept: unknown[] = [];
    for (let turn = 0; turn < 2_000; turn += 1) kept.push(...splitter.write(Buffer.alloc(65_536, 'x')));
    expect(kept).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    expect([...splitter.end()].map(said)).toEqual(['OVERSIZE']);
  });
});

describe('JsonSplitter', () => {
  it('gives the elements of an array, however they are written and cut up', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), sizes, fc.constantFrom(undefined, 1, '\t'), (values, pieces, indent) => {
        const splitter = json(100_000);
        const cuts = cutsOf(splitter, JSON.stringify(values, null, indent), pieces);
        expect(cuts.map((cut) => JSON.parse(cut) as unknown)).toEqual(JSON.parse(JSON.stringify(values)));
        expect(splitter.framing).toBe('array');
      }),
    );
  });

  it('gives a single value as it stands', () => {
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => !Array.isArray(value)),
        sizes,
        fc.constantFrom(undefined, 2),
        (value, pieces, indent) => {
          const text = JSON.stringify(value, null, indent);
          const splitter = json(100_000, { lines: false });
          expect(cutsOf(splitter, `\n ${text}\n`, pieces)).toEqual([text]);
          expect(splitter.framing).toBe('document');
        },
      ),
    );
  });

  it('finds lines where a whole value is followed by another line', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.jsonValue().filter((value) => !Array.isArray(value)),
          { minLength: 2 },
        ),
        sizes,
        (values, pieces) => {
          const texts = values.map((value) => JSON.stringify(value));
          const splitter = json(100_000);
          expect(cutsOf(splitter, texts.join('\n'), pieces)).toEqual(texts);
          expect(splitter.framing).toBe('lines');
        },
      ),
    );
  });

  it('skips what is beyond the limit and goes on behind it', () => {
    const long = JSON.stringify({ long: 'x'.repeat(100), nested: [['y'.repeat(50)]] });
    fc.assert(
      fc.property(sizes, (pieces) => {
        expect(cutsOf(json(20), `[{"a":1}, ${long}, {"b":2}]`, pieces)).toEqual(['{"a":1}', 'OVERSIZE', '{"b":2}']);
        expect(cutsOf(json(20), long, pieces)).toEqual(['OVERSIZE']);
      }),
    );
  });

  it('is not misled by brackets, quotes and escapes in strings', () => {
    const texts = ['{"a":"]}[{\\"\\\\"}', '"\\\\\\"]"', '{"]":["}"]}'];
    expect(cutsOf(json(), `[${texts.join(',')}]`, [1])).toEqual(texts);
  });

  it('takes an empty array, and nothing at all', () => {
    expect(cutsOf(json(), ' [ ] ')).toEqual([]);
    expect(cutsOf(json(), ' \n ')).toEqual([]);
    expect(cutsOf(json(), '\ufeff{"a":1}', [1])).toEqual(['{"a":1}']);
  });

  it.each([
    ['[1 2]', 'no comma'],
    ['[1,,2]', 'missing'],
    ['[1,]', 'missing'],
    ['[,1]', 'missing'],
    ['[1', 'breaks off'],
    ['[1,', 'breaks off'],
    ['[', 'breaks off'],
    ['[{"a":1}', 'breaks off'],
    ['{"a":', 'breaks off'],
    ['"abc', 'breaks off'],
    ['[1] 2', 'more text behind the JSON array'],
    ['[1]\n[2]', 'more text behind the JSON array'],
    ['{} {}', 'more text behind the JSON document'],
  ])('turns away the broken body %s', (text, reason) => {
    for (const pieces of [[text.length], [1]]) {
      expect(() => cutsOf(json(), text, pieces)).toThrow(BodyError);
      expect(() => cutsOf(json(), text, pieces)).toThrow(reason);
    }
  });

  it('turns away a second line where lines are not allowed', () => {
    expect(() => cutsOf(json(1_000, { lines: false }), '{}\n{}')).toThrow('more text behind the JSON document');
  });

  it('never loops or crashes on bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), sizes, (bytes, pieces) => {
        try {
          cutsOf(json(), Buffer.from(bytes), pieces);
        } catch (error) {
          expect(error).toBeInstanceOf(BodyError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
