import { expect, it } from 'vitest';
import { agoText } from './moment.js';

const NOW = Date.UTC(2026, 10, 30, 12);

it.each([
  [0, 'now'],
  [-4, 'now'],
  [-90, '1 min. ago'],
  [-3_600, '1 hr. ago'],
  [-3 * 86_400 - 5, '3 days ago'],
  [30, 'in 30 sec.'],
])('a time %d seconds from now is %s', (seconds, text) => {
  expect(agoText(new Date(NOW + seconds * 1_000), NOW, 'now')).toBe(text);
});
