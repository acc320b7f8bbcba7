import { firstUuidAt, hyphenated } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import type { EventCriteria } from './event-criteria.js';
import { containing } from './event-conditions.js';
import { countStatement, pageStatement, singleStatement } from './event-statement.js';

const KEY = '47eaa0992cb6416d86dc283cf0480ff9';
const HOSTILE = `'; DROP TABLE events.event; -- $1 \${x} %_\\`;

const full: EventCriteria = {
  firstId: firstUuidAt(1n),
  endId: firstUuidAt(2n),
  typeIds: [1, 2],
  owners: [
    { role: 'tenant', key: KEY },
    { role: 'actor', key: KEY },
  ],
  relatedUser: KEY,
  message: [HOSTILE],
  authMethod: HOSTILE,
  personalToken: [HOSTILE],
};

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

describe('the SQL of a query', () => {
  it('is bare where nothing narrows', () => {
    expect(countStatement({ owners: [] })).toEqual({
      text: 'SELECT count(*) AS total FROM (SELECT 1 FROM events.event) AS event',
      values: [],
    });
  });

  it('holds no value of the request', () => {
    for (const statement of [countStatement(full), pageStatement(full, 'oldest-first', { number: 7, size: 5 })]) {
      expect(statement.text).not.toContain('DROP');
      expect(statement.text).not.toContain(hyphenated(KEY));
      const numbers = [...statement.text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
      expect(new Set(numbers)).toEqual(new Set(statement.values.map((_, index) => index + 1)));
    }
  });

  it('bounds the id for a time range, so that partitions can be left out', () => {
    const { text, values } = countStatement({ owners: [], firstId: firstUuidAt(5n), endId: firstUuidAt(9n) });
    expect(text).toContain('WHERE id >= $1 AND id < $2');
    expect(values).toEqual([hyphenated(firstUuidAt(5n)), hyphenated(firstUuidAt(9n))]);
  });

  it('asks for one type by equality and for several by a list', () => {
    expect(countStatement({ owners: [], typeIds: [4] })).toMatchObject({
      text: expect.stringContaining('type_id = $1') as string,
      values: [4],
    });
    expect(countStatement({ owners: [], typeIds: [4, 5] })).toMatchObject({
      text: expect.stringContaining('type_id = ANY($1::integer[])') as string,
      values: [[4, 5]],
    });
  });

  it('looks for a related user in two scans that share no event', () => {
    const { text, values } = countStatement({ owners: [], relatedUser: KEY });
    expect(text).toBe(
      'SELECT count(*) AS total FROM (SELECT 1 FROM events.event WHERE actor = $1 UNION ALL ' +
        'SELECT 1 FROM events.event WHERE related_user = $1 AND actor IS DISTINCT FROM $1) AS event',
    );
    expect(values).toEqual([hyphenated(KEY)]);
  });

  it('takes a page by its offset, and the last by the count', () => {
    const third = pageStatement({ owners: [] }, 'newest-first', { number: 3, size: 10 });
    expect(plain(third.text)).toContain('ORDER BY id DESC LIMIT $1 OFFSET $2');
    expect(third.values).toEqual([10, 20]);
    const last = pageStatement({ owners: [] }, 'oldest-first', { number: 'last', size: 10 });
    expect(plain(last.text)).toContain(
      'ORDER BY id ASC LIMIT $1 OFFSET (SELECT greatest((total - 1) / $1 * $1, 0) FROM matching)',
    );
  });

  it('keeps the offset within 64 bits', () => {
    const far = pageStatement({ owners: [] }, 'newest-first', { number: Number.MAX_SAFE_INTEGER, size: 300 });
    expect(far.values[1]).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('finds one event by its uuid or its number', () => {
    expect(singleStatement({ id: KEY }, { owners: [] })).toMatchObject({ values: [hyphenated(KEY)] });
    expect(singleStatement({ sequence: '12' }, { owners: [] })).toMatchObject({ values: ['12'] });
  });

  it('takes the wildcards of LIKE literally', () => {
    expect(containing('50%_\\')).toBe('%50\\%\\_\\\\%');
    expect(containing('plain')).toBe('%plain%');
  });
});
