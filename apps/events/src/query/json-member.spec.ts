import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonMember } from './json-member.js';

describe('a member of a JSON object', () => {
  it.each([
    ['{"context":{"a":1}}', '{"a":1}'],
    [' \n{ "message" : "x" , "context" : [1, {"b": "]}"}] , "z":0 }\t', '[1, {"b": "]}"}]'],
    ['{"context":12345678901234567890.10e+400}', '12345678901234567890.10e+400'],
    ['{"context":null,"z":1}', 'null'],
    ['{"context":"a \\"quoted\\" brace } \\\\","z":1}', '"a \\"quoted\\" brace } \\\\"'],
    ['{"context" :true}', 'true'],
    ['{"\\u0063ontext":1}', '1'],
    ['{"context":1,"context":2}', '2'],
    ['{"a":{"context":1},"context":2}', '2'],
    ['{"message":"\\"context\\":1","context":3}', '3'],
    ['{"context":{"\\u0000":"\\ud800"}}', '{"\\u0000":"\\ud800"}'],
  ])('of %s is taken as it is written', (json, text) => {
    expect(jsonMember(json, 'context')).toBe(text);
    expect(JSON.parse(text)).toEqual((JSON.parse(json) as Record<string, unknown>)['context']);
  });

  it.each([
    '{}',
    '{"other":{"context":1}}',
    '{"contexts":1}',
    '{"Context":1}',
    '[{"context":1}]',
    '"context"',
    '1',
    '',
  ])('is not found in %s', (json) => {
    expect(jsonMember(json, 'context')).toBeUndefined();
  });

  it('is found behind much that looks like structure', () => {
    const noise = JSON.stringify({ a: '"{[\\'.repeat(500), b: [[[['}]']]]], c: { d: { e: '\\\\"' } } });
    expect(jsonMember(`{"noise":${noise},"context":${noise},"more":${noise}}`, 'context')).toBe(noise);
  });

  it('is what JSON.parse finds, in any object with any white space', () => {
    const member = fc.tuple(fc.oneof(fc.constantFrom('context', 'message', ''), fc.string()), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(member), fc.constantFrom(0, 1, '\t', '\r\n'), (members, space) => {
        const object: Record<string, unknown> = Object.fromEntries(members);
        const json = JSON.stringify(object, null, space);
        const found = jsonMember(json, 'context');
        const expected: unknown = (JSON.parse(json) as Record<string, unknown>)['context'];
        expect(found === undefined ? undefined : JSON.parse(found)).toEqual(expected);
      }),
    );
  });
});
