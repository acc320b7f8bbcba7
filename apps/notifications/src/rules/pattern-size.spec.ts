import fc from 'fast-check';
import { RE2JS } from 're2js';
import { afterEach, expect, it, vi } from 'vitest';
import { parseFilter } from './filter-parser.js';
import { patternSize } from './pattern-size.js';

afterEach(() => vi.restoreAllMocks());

it.each([
  '(a{0,900})?'.repeat(350),
  '((((a{10}){10}){10}){10})',
  '(((a?){10}){10}){10}'.repeat(50),
  `(${'x'.repeat(500)}){900}`,
  `[${'\\pL'.repeat(1_000)}]`,
  '(?:[^\\pN]{30}){30}',
  '(a{500}|b{500}){9}',
])('a pattern that would be too large is not compiled: %s', (pattern) => {
  const compile = vi.spyOn(RE2JS, 'compile');
  const text = `$.a =~ ${JSON.stringify(pattern)}`;
  expect(() => parseFilter(text)).toThrow('too large');
  expect(compile).not.toHaveBeenCalled();
});

it('what may be compiled is not taken for larger by much than it becomes', () => {
  const piece = fc.constantFrom(
    'a',
    'b{3}',
    '(ab){4}',
    '[a-z]{2,5}',
    '(a|b)*',
    '(?:x{2}){3}',
    '\\d+',
    '.{0,9}',
    '^',
    'é?',
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
      const pattern = pieces.join('');
      expect(patternSize(pattern)).toBeLessThan(3 * RE2JS.compile(pattern).programSize());
    }),
    { numRuns: 500 },
  );
});
