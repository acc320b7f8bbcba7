import { describe, expect, it } from 'vitest';
import { requestOrigin } from './request-origin.js';

describe('the origin of links', () => {
  it.each([
    '127.0.0.1:4100',
    'localhost',
    'tidings.example.org:443',
    'events_api.internal.',
    '[::1]:4100',
    '[2001:db8::1]',
  ])('is made from the host %s', (host) => {
    expect(requestOrigin('http', host)).toBe(`http://${host}`);
    expect(URL.canParse(`http://${host}`)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'evil.example/path',
    'evil.example?x=',
    'user@evil.example',
    'evil.example#',
    'a b',
    'a,b',
    'a>; rel="next"',
    'localhost:',
    'localhost:0',
    'localhost:70000',
    'localhost:80:80',
    '-leading.example',
    '[::1',
    'ä.example',
    'a\r\nx: y',
    `${'a'.repeat(63)}.`.repeat(10),
  ])('is left out for the host %j', (host) => {
    expect(requestOrigin('http', host)).toBe('');
  });
});
