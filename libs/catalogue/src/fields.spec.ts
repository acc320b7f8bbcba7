import { describe, expect, it } from 'vitest';
import { fieldReader, textOf } from './fields.js';

const DATA = {
  a: { b: { c: 'deep' }, empty: '', nothing: null, zero: 0, no: false, list: ['first'] },
  'a.b': 'dotted',
  number: 7,
};

describe('fieldReader', () => {
  it.each([
    ['number', 7],
    ['a.b.c', 'deep'],
    ['a.zero', 0],
    ['a.no', false],
    ['a.empty', ''],
    ['a.nothing', undefined],
    ['a.missing', undefined],
    ['a.b.c.d', undefined],
    ['a.list.0', undefined],
    ['a.list.length', undefined],
    ['missing.too', undefined],
    ['toString', undefined],
    ['__proto__', undefined],
    ['a.constructor.name', undefined],
  ])('of %s reads %j', (path, value) => {
    expect(fieldReader(path)(DATA)).toBe(value);
  });

  it.each([[undefined], [null], ['text'], [7], [[1]]])('reads nothing of %j', (data) => {
    expect(fieldReader('a.b')(data)).toBeUndefined();
    expect(fieldReader('{a}/{b}')(data)).toBeUndefined();
  });

  it('reads the first path that says something', () => {
    expect(fieldReader(['a.missing', 'a.nothing', 'a.empty', 'number'])(DATA)).toBe(7);
    expect(fieldReader(['a.missing', 'a.zero', 'number'])(DATA)).toBe(0);
    expect(fieldReader(['a.missing'])(DATA)).toBeUndefined();
    expect(fieldReader([])(DATA)).toBeUndefined();
  });

  it('fills a template, of all of its fields or not at all', () => {
    expect(fieldReader('{a.b.c}')(DATA)).toBe('deep');
    expect(fieldReader('/1.0/{a.b.c}/x/{number}')(DATA)).toBe('/1.0/deep/x/7');
    expect(fieldReader('{a.b.c}/{a.missing}')(DATA)).toBeUndefined();
    expect(fieldReader('{a.b.c}/{a.empty}')(DATA)).toBeUndefined();
    expect(fieldReader(['{a.missing}/x', '{number}!'])(DATA)).toBe('7!');
  });

  it('puts braces of the data into a template as they are', () => {
    expect(fieldReader('{x}-{y}')({ x: '{y}', y: '}{' })).toBe('{y}-}{');
  });
});

describe('textOf', () => {
  it.each([
    ['text', 'text'],
    ['', undefined],
    [7, '7'],
    [0, '0'],
    [true, undefined],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined],
    [['a'], undefined],
  ])('of %j is %j', (value, text) => {
    expect(textOf(value)).toBe(text);
  });
});
