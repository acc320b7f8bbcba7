import { describe, expect, it } from 'vitest';
import { pageLinks, type ListedPage } from './page-links.js';

const list: ListedPage = { origin: 'http://127.0.0.1:4100', url: '/api/events/', number: 1, count: 1 };

function targets(header: string | undefined): Record<string, string> {
  return Object.fromEntries(
    String(header)
      .split(', ')
      .map((link) => {
        const match = /^<([^<>, ]*)>; rel="(\w+)"$/.exec(link);
        return [match?.[2] ?? 'unparsed', match?.[1] ?? link];
      }),
  );
}

describe('the links of a page', () => {
  it('are first and last where there is but one', () => {
    expect(pageLinks(list)).toBe(
      '<http://127.0.0.1:4100/api/events/>; rel="first", <http://127.0.0.1:4100/api/events/>; rel="last"',
    );
  });

  it('lead to the neighbours, and to the first page without a number', () => {
    const at = (number: number) =>
      targets(pageLinks({ ...list, origin: '', url: `/api/events/?page=${number}&page_size=5`, number, count: 3 }));
    expect(at(1)).toEqual({
      first: '/api/events/?page_size=5',
      next: '/api/events/?page=2&page_size=5',
      last: '/api/events/?page=3&page_size=5',
    });
    expect(at(2)).toEqual({
      first: '/api/events/?page_size=5',
      prev: '/api/events/?page_size=5',
      next: '/api/events/?page=3&page_size=5',
      last: '/api/events/?page=3&page_size=5',
    });
    expect(at(3)).toEqual({
      first: '/api/events/?page_size=5',
      prev: '/api/events/?page=2&page_size=5',
      last: '/api/events/?page=3&page_size=5',
    });
  });

  it('keep repeated parameters and add the page behind them', () => {
    const { next } = targets(pageLinks({ ...list, url: '/api/events/?feature=a&feature=b', count: 2 }));
    expect(next).toBe('http://127.0.0.1:4100/api/events/?feature=a&feature=b&page=2');
  });

  it('replace every page parameter of the request', () => {
    const { next } = targets(pageLinks({ ...list, url: '/api/events/?page=1&page=1', count: 2 }));
    expect(next).toBe('http://127.0.0.1:4100/api/events/?page=2');
  });

  it('escape what would end a link or look like another', () => {
    const header = pageLinks({ ...list, url: '/api,/events/>"?message=a,b>; rel="next"<&o=%2C', count: 2 });
    expect(header?.split(',')).toHaveLength(3);
    expect(targets(header)['next']).toBe(
      'http://127.0.0.1:4100/api%2C/events/%3E%22?message=a%2Cb%3E%3B+rel%3D%22next%22%3C&o=%2C&page=2',
    );
  });

  it('are fewer where the query is long, and the next is the last to go', () => {
    const relations = (length: number, number: number) => {
      const header = pageLinks({ ...list, url: `/api/events/?message=${'x'.repeat(length)}`, number, count: 9 });
      expect(header?.length ?? 0).toBeLessThan(12 * 1024 + 1);
      return Object.keys(targets(header));
    };
    expect(relations(2000, 5)).toEqual(['first', 'prev', 'next', 'last']);
    expect(relations(3500, 5)).toEqual(['first', 'prev', 'next']);
    expect(relations(5000, 5)).toEqual(['prev', 'next']);
    expect(relations(9000, 5)).toEqual(['next']);
    expect(relations(9000, 9)).toEqual(['prev']);
  });

  it('are none where a query is too long to be repeated', () => {
    expect(pageLinks({ ...list, url: `/api/events/?message=${'x'.repeat(11_000)}` })).toBeUndefined();
    expect(pageLinks({ ...list, url: `/api/events/?message=${','.repeat(4_000)}` })).toBeUndefined();
  });
});
