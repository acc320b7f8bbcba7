import { expect, test } from 'vitest';
import { coversScopes, namesScopes } from './scope-cover.js';

test.each([
  [['*'], ['*', 'lxd:*', 'lxd:rack1:project:default'], true],
  [['lxd:*'], ['lxd:*', 'lxd:rack1', 'lxd:rack1:project:default'], true],
  [['lxd:rack1'], ['lxd:rack1', 'lxd:rack1:*', 'lxd:rack1:project:default'], true],
  [['lxd:rack1:*'], ['lxd:rack1:project:*', 'lxd:rack1:project:default'], true],
  [['lxd:*', 'cds:main'], ['cds:main:project:A', 'lxd:rack2'], true],
  [['lxd:*'], ['*'], false],
  [['lxd:rack1'], ['lxd:*'], false],
  [['lxd:rack1'], ['lxd:rack11'], false],
  [['lxd:rack1:*'], ['lxd:rack1'], false],
  [['lxd:rack1:project:a'], ['lxd:rack1:project:*'], false],
  [['lxd:rack1:project:a'], ['lxd:rack1:project:a:b'], false],
  [['lxd:*'], ['lxd:rack1', 'cds:main'], false],
  [[], ['lxd:rack1'], false],
])('%j over %j: %s', (held, others, covered) => {
  expect(coversScopes(held, others)).toBe(covered);
});

test.each([
  [['*'], ['lxd:*', 'cds:main'], true],
  [['lxd:rack1', 'cds:main'], ['lxd:rack1'], true],
  [['lxd:rack1'], ['lxd:rack1:project:a'], false],
  [['lxd:rack1:*'], ['lxd:rack1:project:a'], false],
  [['lxd:*'], ['lxd:rack1'], false],
  [['lxd:rack1'], ['lxd:rack1', 'cds:main'], false],
  [[], ['lxd:rack1'], false],
])('%j administrates an instance of %j: %s', (held, others, named) => {
  expect(namesScopes(held, others)).toBe(named);
});
