import { expect, test } from 'vitest';
import { tokenOf } from './authorization-header.js';

test.each([
  ['Bearer abc', 'abc'],
  ['Token abc', 'abc'],
  ['Bearer Token abc', 'abc'],
  ['bearer token abc', 'abc'],
  ['TOKEN abc', 'abc'],
  ['  Bearer   Token   abc  ', 'abc'],
  ['Bearer tokenabc', 'tokenabc'],
  ['Bearer a=b/c+d.e', 'a=b/c+d.e'],
  ['Bearer', ''],
  ['Bearer Token', ''],
  ['Bearer two words', 'two words'],
  ['Basic YTpi', undefined],
  ['abc', undefined],
  ['Tokenabc', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s holds %s', (header, token) => {
  expect(tokenOf(header)).toBe(token);
});
