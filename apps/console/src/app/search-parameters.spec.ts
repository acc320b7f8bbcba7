import { expect, it } from 'vitest';
import { parseSearch, stringifySearch } from './search-parameters.js';

it.each(['', '?system=lxd', '?system=lxd&type=a&type=b', '?q=a+%26+b&event_type%21=x'])(
  'keeps an address as it is: %s',
  (text) => {
    expect(stringifySearch(parseSearch(text))).toBe(text);
  },
);

it('leaves out what says nothing, and numbers stay text', () => {
  expect(stringifySearch({ a: '', b: undefined, c: [] })).toBe('');
  expect(parseSearch('?id=00123')).toEqual({ id: '00123' });
});
