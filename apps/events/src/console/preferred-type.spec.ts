import { expect, it } from 'vitest';
import { prefersHtml } from './preferred-type.js';

it.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['text/html', true],
  ['text/*', true],
  ['*/*', false],
  [undefined, false],
  ['application/json', false],
  ['application/json, text/html;q=0.9', false],
  ['text/html;q=0.5, application/json;q=0.4', true],
  ['text/html;q=0', false],
  ['nonsense;;q', false],
])('a client that accepts %s prefers a page: %s', (accept, expected) => {
  expect(prefersHtml(accept)).toBe(expected);
});
