import { parse } from 'lossless-json';
import { expect, it } from 'vitest';
import { MOST_LEAVES, payloadLeaves } from './payload-leaves.js';

it('shows each value with its path as rules say it, numbers with all their digits', () => {
  const data = parse('{"a": {"b-c": [9223372036854775808, true, null]}, "it\'s": "o\'clock", "none": {}}');
  expect(payloadLeaves(data)).toEqual([
    { path: "$.data.a['b-c'][0]", value: '9223372036854775808', literal: '9223372036854775808' },
    { path: "$.data.a['b-c'][1]", value: 'true', literal: 'true' },
    { path: "$.data.a['b-c'][2]", value: 'null', literal: undefined },
    { path: "$.data['it\\'s']", value: "o'clock", literal: "'o\\'clock'" },
    { path: '$.data.none', value: '{}', literal: undefined },
  ]);
});

it('stops where a payload is too large for a screen, and where it is too deep', () => {
  expect(payloadLeaves(Array.from({ length: 10_000 }, () => 'x'))).toHaveLength(MOST_LEAVES + 1);
  const deep = parse(`${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`);
  expect(payloadLeaves(deep)).toHaveLength(1);
});

it('shows a payload that is no object', () => {
  expect(payloadLeaves('text')).toEqual([{ path: '$.data', value: 'text', literal: "'text'" }]);
  expect(payloadLeaves(undefined)).toHaveLength(1);
});
