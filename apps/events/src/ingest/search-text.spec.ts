import { describe, expect, it } from 'vitest';
import { SEARCH_TEXT_SEPARATOR, searchTextOf } from './search-text.js';

const parts = (message: string, values: unknown): string[] =>
  searchTextOf(message, values).split(SEARCH_TEXT_SEPARATOR);

describe('the text that is searched', () => {
  it('is the message and the values, nested ones included, in lower case', () => {
    const context = { name: 'Ünïversity of TARTU', size: 12, ok: true, none: null, tags: ['A', { deep: 'B' }] };
    expect(parts('Customer CREATED.', context)).toEqual(['customer created.', 'ünïversity of tartu 12 true a b']);
  });

  it('has no names of members', () => {
    expect(parts('', { customer_uuid: 'x' })).toEqual(['', 'x']);
  });

  it.each([undefined, null, {}, []])('has no values where the context is %j', (context) => {
    expect(parts('m', context)).toEqual(['m', '']);
  });

  it('is what PostgreSQL can hold, with the separator once', () => {
    expect(parts('a\u0000b\u001Fc', { v: 'd\u001Fe\u0000f' })).toEqual(['a b c', 'd e f']);
  });

  it('is bounded, however long the message, the values or the nesting are', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(5_000)}"x"${']'.repeat(5_000)}`);
    const [message = '', values = ''] = parts('M'.repeat(50_000), { a: 'V'.repeat(1_500), b: 'W'.repeat(9_000), deep });
    expect([message.length, values.length]).toEqual([16_000, 2_000]);
    expect(values.startsWith(`${'v'.repeat(1_500)} w`)).toBe(true);
    expect(parts('m', deep)).toEqual(['m', '']);
  });
});
