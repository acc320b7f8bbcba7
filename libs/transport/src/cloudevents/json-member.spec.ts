import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberText } from './json-member.js';

describe('the text of a member', () => {
  it.each([
    ['{"data":1}', '1'],
    ['{ "a" : [1,{"data":2}] , "data" : -1.50e+3 }', '-1.50e+3'],
    ['{"data":"a\\"b}"}', '"a\\"b}"'],
    ['{"d\\u0061ta":true,"b":null}', 'true'],
    ['{"data":1,"data":[ 2 ]}', '[ 2 ]'],
    ['{"data":12345678901234567890,"z":"\\\\"}', '12345678901234567890'],
    ['\n{\t"data"\r:\n{"x":"}"}\n}\n', '{"x":"}"}'],
  ])('in %s is %s', (text, member) => {
    expect(memberText(text, 'data')).toBe(member);
  });

  it('is none where there is no such member at the top', () => {
    expect(memberText('{}', 'data')).toBeUndefined();
    expect(memberText('{"a":{"data":1}}', 'data')).toBeUndefined();
  });

  it('is what JSON.parse makes of it, in any object however it is laid out', () => {
    const anyObject = fc.dictionary(fc.oneof(fc.string(), fc.constant('data')), fc.jsonValue());
    fc.assert(
      fc.property(anyObject, fc.constantFrom(undefined, 1, '\t'), (object, indent) => {
        const text = JSON.stringify(object, undefined, indent);
        for (const name of Object.keys(object)) {
          expect(JSON.parse(memberText(text, name) ?? '')).toEqual(JSON.parse(JSON.stringify(object[name])));
        }
      }),
    );
  });
});
