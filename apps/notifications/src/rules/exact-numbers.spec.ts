import { parseJson } from '@tidings/catalogue';
import { expect, it } from 'vitest';
import { parseFilter } from './filter-parser.js';

const { exact } = parseJson(
  '{"data":{"b":12345678901234567890,"neg":-12345678901234567890,"f":0.1234567890123456789,"huge":1e400,"n":5,"list":[9007199254740993,1]}}',
);

it.each([
  ['$.data.b == 12345678901234567890', true],
  ['$.data.b == 12345678901234567891', false],
  ['$.data.b != 12345678901234567891', true],
  ['$.data.b != 12345678901234567890', false],
  ['$.data.b == 12345678901234567890.0', true],
  ['$.data.b > 12345678901234567889', true],
  ['$.data.b >= 12345678901234567891', false],
  ['$.data.b > 5 && 5 < $.data.b', true],
  ['$.data.neg < -12345678901234567889', true],
  ['$.data.f == 0.1234567890123456789', true],
  ['$.data.f == 0.1234567890123456788', false],
  ['$.data.huge == 1e400', true],
  ['$.data.huge > 1e399 && $.data.huge < 1e401', true],
  ['$.data.n == 5 || $.data.n == 12345678901234567890', true],
  ['$.data.b == 5 || $.data.b == 12345678901234567890', true],
  ['$.data.list[?(@ == 9007199254740993)]', true],
  ['$.data.list[*] == 9007199254740992', false],
  ["$.data.b == '12345678901234567890'", false],
  ['$.data.b', true],
  ['$.data.b.value', false],
  ['$..value', false],
  ['$.data.b.*', false],
  ['$.data == $.data', true],
  ['12345678901234567890 == 12345678901234567891', false],
])('numbers beyond what a double holds: %s is %s', (text, expected) => {
  expect(parseFilter(text).matches(exact as Readonly<Record<string, unknown>>)).toBe(expected);
});
