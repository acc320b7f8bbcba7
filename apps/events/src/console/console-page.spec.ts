import { expect, it } from 'vitest';
import { contentSecurityPolicy, servedPage } from './console-page.js';

const PAGE = '<base href="/console/" /><meta name="csp-nonce" content="__NONCE__" />';

it('says where it is, also behind a proxy that serves it under a path of its own', () => {
  expect(servedPage(PAGE, 'n', undefined)).toContain('<base href="/console/"');
  expect(servedPage(PAGE, 'n', 'https://example.org')).toContain('<base href="/console/"');
  expect(servedPage(PAGE, 'n', 'https://example.org/tidings')).toContain('<base href="/tidings/console/"');
  expect(servedPage(PAGE, 'n', 'https://example.org/"><script>')).not.toContain('<script>');
});

it('lets in its own styles by the nonce of the answer, and nothing from elsewhere', () => {
  expect(servedPage(PAGE, 'abc', undefined)).toContain('content="abc"');
  const policy = contentSecurityPolicy('abc');
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-abc';");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});
