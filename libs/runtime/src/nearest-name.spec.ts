import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.js';

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
