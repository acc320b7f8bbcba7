import { describe, expect, test } from 'vitest';
import { invalidQuery } from './errors.js';
import { nearestName, unknownNames } from './nearest-name.js';

const KNOWN = ['event_type', 'feature', 'page_size'];

test.each([
  ['event_typ', 'event_type'],
  ['pagesize', 'page_size'],
  ['colour', undefined],
  ['', undefined],
  ['event_type'.repeat(1000), undefined],
])('%j means %j', (name, meant) => {
  expect(nearestName(name, KNOWN)).toBe(meant);
});

test('nothing is near where nothing is known', () => {
  expect(nearestName('event_type', [])).toBeUndefined();
});

describe('unknownNames', () => {
  test('names the first twenty, however many there are', () => {
    const given = Object.fromEntries(Array.from({ length: 60_000 }, (_, at) => [`x${at}`, 1]));
    expect(unknownNames({ name: 1, ...given }, ['name'])).toHaveLength(20);
    expect(unknownNames({ name: 1, x: 2 }, ['name'])).toEqual(['x']);
  });
});

describe('invalidQuery', () => {
  test('tells of the first twenty names, and how many more there are', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 25 }, (_, at) => [`${at}`.padEnd(3_000, 'x'), ['is wrong']]),
    );
    const told = invalidQuery(fields).details.fields ?? {};
    expect(told['non_field_errors']).toEqual(['There are 5 more.']);
    expect(JSON.stringify(told).length).toBeLessThan(6_000);
  });
});
