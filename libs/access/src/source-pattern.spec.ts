import { expect, test } from 'vitest';
import { mayPublishAs } from './source-pattern.js';

test.each([
  [['*'], '/any/thing', true],
  [['/lxd/*'], '/lxd/rack1', true],
  [['/lxd/*'], '/lxdx/rack1', false],
  [['/lxd/rack1'], '/lxd/rack1', true],
  [['/lxd/rack1'], '/lxd/rack10', false],
  [['/a', '/b'], '/b', true],
  [[], '/lxd/rack1', false],
])('%j publishes as %s: %s', (sources, source, expected) => {
  expect(mayPublishAs({ sources }, source)).toBe(expected);
});
