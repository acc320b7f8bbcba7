import { describe, expect, it } from 'vitest';
import { nativeSource, siteOf, siteProblem, systemOfSource } from './source.js';

describe('a source', () => {
  it.each([
    ['/lxd/rack1', 'lxd', 'rack1'],
    ['/lxd/rack1/node/2', 'lxd', 'rack1'],
    ['/lxd', undefined, 'main'],
    ['lxd/rack1', undefined, 'main'],
    ['https://example.org/a/b', undefined, 'main'],
    ['//example.org/a', undefined, 'main'],
    ['crn:v1:bluemix', undefined, 'main'],
    ['', undefined, 'main'],
  ])('%s is of system %s, site %s', (source, system, site) => {
    expect(systemOfSource(source)).toBe(system);
    expect(siteOf(source)).toBe(site);
  });

  it('of a native event names its system and its site', () => {
    const source = nativeSource('cds', 'eu-1');
    expect([systemOfSource(source), siteOf(source)]).toEqual(['cds', 'eu-1']);
  });
});

describe('the name of a site', () => {
  it.each(['main', 'rack1', 'a', '7', 'eu-west_1.example', 'x'.repeat(63)])('may be %s', (site) => {
    expect(siteProblem(site)).toBeUndefined();
  });

  it.each(['', 'Main', '-a', 'a-', 'a b', 'a/b', 'a:b', '*', 'x'.repeat(64), 'a\n', 'ä'])('may not be %j', (site) => {
    expect(siteProblem(site)).toMatch(/1 to 63/);
  });
});
