import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { renderEnvExample } from './env-example.js';
import { parseEnvironment } from './environment.js';
import { VARIABLES } from './variables.js';

const lines = renderEnvExample().split('\n');

test.each(Object.keys(VARIABLES))('%s stands in it with one line of description', (name) => {
  const at = lines.findIndex((line) => line.startsWith(`#${name}=`));
  expect(at).toBeGreaterThan(0);
  expect(lines[at - 1]).toMatch(/^# \S.*\.$/);
});

test('as it stands it changes nothing, and so it does with every line taken in', () => {
  expect(parseEnv(renderEnvExample())).toEqual({});
  const takenIn = lines.map((line) => line.replace(/^#(?=[A-Z_]+=)/, '')).join('\n');
  expect(Object.keys(parseEnv(takenIn)).sort()).toEqual(Object.keys(VARIABLES).sort());
  expect(parseEnvironment(parseEnv(takenIn))).toEqual(parseEnvironment({}));
});
