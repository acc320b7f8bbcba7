import { parseTime } from './index.js';
import { describe, expect, it } from 'vitest';
import { readAttributes } from './context-attributes.js';
import { EVENT_LIMITS } from './limits.js';

const given = {
  specversion: '1.0',
  id: 'a-1',
  source: '/cds/main',
  type: 'com.ovh.cds.ProjectCreated',
  time: '2026-11-02T08:01:53.204968123+02:00',
};

const read = (changes: Readonly<Record<string, unknown>>) => readAttributes(Object.entries({ ...given, ...changes }));

describe('readAttributes', () => {
  it('keeps every attribute as it was given', () => {
    expect(read({ subject: 'p/1', dataschema: 'urn:x', traceparent: '00-ab', partitionkey: 'k' })).toEqual({
      attributes: {
        id: given.id,
        source: given.source,
        type: given.type,
        time: given.time,
        subject: 'p/1',
        dataschema: 'urn:x',
        extensions: { traceparent: '00-ab', partitionkey: 'k' },
      },
      micros: parseTime(given.time),
    });
  });

  it('takes the present where no time is given', () => {
    const reading = read({ time: undefined });
    if (!('attributes' in reading)) throw new Error('was turned away');
    expect(Math.abs(Number(parseTime(reading.attributes.time)) / 1000 - Date.now())).toBeLessThan(60_000);
  });

  it('takes null for an attribute that is not set', () => {
    expect(read({ subject: null, foo: null })).toMatchObject({ attributes: { id: 'a-1' } });
  });

  it('says booleans and whole numbers of extensions as text', () => {
    expect(read({ yes: true, no: false, count: -2_147_483_648 })).toMatchObject({
      attributes: { extensions: { yes: 'true', no: 'false', count: '-2147483648' } },
    });
  });

  it('keeps an extension by whatever name apart from what objects inherit', () => {
    const reading = readAttributes([...Object.entries(given), ['constructor', 'x'], ['valueof', 'y']]);
    if (!('attributes' in reading)) throw new Error('was turned away');
    expect({ ...reading.attributes.extensions }).toEqual({ constructor: 'x', valueof: 'y' });
  });

  it.each<[string, unknown, string?]>([
    ['specversion', undefined],
    ['specversion', '0.3'],
    ['specversion', 1],
    ['id', undefined],
    ['id', ''],
    ['id', 5],
    ['id', 'a\u0000b'],
    ['id', 'a\ud800'],
    ['id', 'x'.repeat(2_049)],
    ['source', undefined],
    ['source', ''],
    ['source', '/with space'],
    ['type', undefined],
    ['type', ''],
    ['subject', ''],
    ['subject', { a: 1 }],
    ['dataschema', ''],
    ['time', 'yesterday'],
    ['time', '2026-11-02T08:01:53'],
    ['time', '2026-02-30T08:01:53Z'],
    ['time', 1_700_000_000],
    ['Upper', 'x'],
    ['with-dash', 'x'],
    ['data', 'x'],
    ['__proto__', 'x'],
    ['ext', 1.5],
    ['ext', 2_147_483_648],
    ['ext', ['x']],
    ['ext', 'a\nb'],
  ])('turns away %s = %j, and names it', (name, value) => {
    const reading = readAttributes([...Object.entries(given).filter(([key]) => key !== name), [name, value]]);
    expect(reading).toMatchObject({ problems: [{ field: name }], isUnsupported: false });
  });

  it.each(['text/plain', 'application/xml', 'application/json; charset=iso-8859-1', 5])(
    'takes no data of the type %s',
    (datacontenttype) => {
      expect(read({ datacontenttype })).toMatchObject({
        problems: [{ field: 'datacontenttype' }],
        isUnsupported: true,
      });
    },
  );

  it.each(['application/json', 'application/json; charset=UTF-8', 'text/json', 'application/vnd.cds+json'])(
    'takes data of the type %s',
    (datacontenttype) => {
      expect(read({ datacontenttype })).toHaveProperty('attributes');
    },
  );

  it('says which event it was, as far as that can be told', () => {
    expect(read({ id: undefined, subject: '' })).toMatchObject({
      problems: [{ field: 'subject' }, { field: 'id' }],
      said: { source: given.source, type: given.type, time: given.time },
    });
  });
});

describe('the limits of attributes', () => {
  const extensions = (count: number, value = 'x') =>
    Array.from({ length: count }, (_, i) => [`ext${i}`, value] as const);
  const problemsOf = (more: readonly (readonly [string, string])[]) => {
    const reading = readAttributes([...Object.entries(given), ...more]);
    return 'problems' in reading ? reading.problems : [];
  };

  it.each([
    ['as many extensions as are allowed', extensions(EVENT_LIMITS.extensions.value), 0],
    ['one more', extensions(EVENT_LIMITS.extensions.value + 1), 1],
    ['very many', extensions(20_000), 2],
    ['the largest extension', [['e', 'x'.repeat(EVENT_LIMITS.extensionBytes.value - 1)]] as const, 0],
    ['a larger one', [['e', 'x'.repeat(EVENT_LIMITS.extensionBytes.value)]] as const, 1],
    ['the longest name', [['n'.repeat(EVENT_LIMITS.extensionName.value), 'x']] as const, 0],
    ['a longer one', [['n'.repeat(EVENT_LIMITS.extensionName.value + 1), 'x']] as const, 1],
  ])('%s: problems', (_, more, problems) => {
    expect(problemsOf(more)).toHaveLength(problems);
  });

  it('does not count what servers add, so that an event that was taken is taken again', () => {
    const { time: _, ...timeless } = given;
    const full = extensions(EVENT_LIMITS.extensions.value);
    const first = readAttributes([...Object.entries(timeless), ...full]);
    const added = {
      ...('attributes' in first && first.attributes.extensions),
      traceparent: '00-ab',
      tracestate: 'a=b',
    };
    expect(added).toHaveProperty('timeofarrival');
    expect(problemsOf(Object.entries(added))).toEqual([]);
    const tracestate = 'x'.repeat(600);
    expect(problemsOf([...full, ['tracestate', tracestate]])).toHaveLength(1);
  });

  it('reports a bounded number of problems of bounded length', () => {
    const problems = problemsOf(Array.from({ length: 75_000 }, (_, i) => [`${'BAD-'.repeat(100)}${i}`, ''] as const));
    expect(problems).toHaveLength(20);
    expect(JSON.stringify(problems).length).toBeLessThan(10_000);
  });
});
