import { expect, test } from 'vitest';
import { parseScopePattern } from './scope-pattern.js';

test.each([
  ['*', { isWildcard: true }],
  ['lxd:*', { system: 'lxd', isWildcard: true }],
  ['lxd:rack1', { system: 'lxd', site: 'rack1', isWildcard: false }],
  ['lxd:rack1:*', { system: 'lxd', site: 'rack1', isWildcard: true }],
  ['lxd:rack1:project:*', { system: 'lxd', site: 'rack1', kind: 'project', isWildcard: true }],
  ['lxd:rack1:project:a', { system: 'lxd', site: 'rack1', kind: 'project', value: 'a', isWildcard: false }],
  ['ibm:main:account:a:b', { system: 'ibm', site: 'main', kind: 'account', value: 'a:b', isWildcard: false }],
])('%s is a scope', (text, pattern) => {
  expect(parseScopePattern(text)).toEqual(pattern);
});

test.each([
  '',
  'lxd',
  'lxd*',
  'lxd:',
  ':*',
  '**',
  'lxd:rack*',
  'lxd:rack1:project',
  'lxd:rack1:project:',
  'a:b:c:d:*',
  'l xd:a',
])('%j is none', (text) => {
  expect(parseScopePattern(text)).toBeUndefined();
});
