import { firstUuidAt, hyphenated } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import type { EventCriteria } from './event-criteria.js';
import { containing } from './event-conditions.js';
import { countStatement, pageStatement, singleStatement } from './event-statement.js';
import type { Values } from './statement.js';

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
    for (const statement of [
      countStatement(full),
      pageStatement(full, { order: 'oldest-first', offset: 7, limit: 5 }),
    ]) {
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
    const third = pageStatement({ owners: [] }, { order: 'newest-first', offset: 20, limit: 11, countUpTo: 100 });
    expect(plain(third.text)).toContain('ORDER BY id DESC LIMIT 11 OFFSET $1');
    expect(third.values).toEqual([20]);
    const last = pageStatement({ owners: [] }, { order: 'oldest-first', limit: { remainder: 10 }, countUpTo: 100 });
    expect(plain(last.text)).toContain(
      'ORDER BY id ASC LIMIT (SELECT (greatest(total, 1) - 1) % $1 + 1 FROM matching)',
    );
  });

  it('counts beside the page by whatever is given for it', () => {
    const countBy = (values: Values): string => `SELECT ${values.add(7)}::bigint AS total`;
    const { text, values } = pageStatement(
      { owners: [], typeIds: [4] },
      { order: 'newest-first', limit: 3, countUpTo: 100, countBy },
    );
    expect(plain(text)).toContain('WITH matching AS (SELECT $2::bigint AS total)');
    expect(values).toEqual([4, 7]);
  });

  it('is planned once only where its values make no difference to the plan', () => {
    const slice = { order: 'newest-first', limit: 11 } as const;
    expect(pageStatement({ owners: [] }, slice).isReusable).toBe(true);
    expect(pageStatement({ owners: [] }, { ...slice, behind: KEY }).isReusable).toBe(true);
    expect(pageStatement({ owners: [] }, { ...slice, offset: 10 }).isReusable).toBe(false);
    expect(pageStatement({ owners: [] }, { ...slice, limit: { remainder: 10 } }).isReusable).toBe(false);
    const skewed: readonly EventCriteria[] = [
      { owners: [{ role: 'project', key: KEY }] },
      { owners: [], typeIds: [4] },
      { owners: [], visible: [{ typeIds: [1] }] },
      { owners: [], firstId: KEY },
      { owners: [], text: ['x'] },
    ];
    for (const criteria of skewed) expect(pageStatement(criteria, slice).isReusable).toBe(false);
  });

  it('takes a page behind an event without counting', () => {
    const { text, values } = pageStatement({ owners: [] }, { order: 'oldest-first', behind: KEY, limit: 3 });
    expect(plain(text)).toContain('FROM events.event WHERE id > $1) AS event ORDER BY id ASC LIMIT 3');
    expect(plain(text)).toContain('WITH matching AS (SELECT NULL::bigint AS total)');
    expect(values).toEqual([hyphenated(KEY)]);
  });

  it('gives each of a few things that may be seen a scan of its own, and takes no event twice', () => {
    const other = '1509bb0a9bf143318a118783593942a4';
    const { text, values } = countStatement({
      owners: [],
      visible: [
        { role: 'tenant', keys: [KEY, other], sourceIds: [1, 2] },
        { typeIds: [7], sourceIds: [3] },
      ],
    });
    expect(text).toBe(
      'SELECT count(*) AS total FROM (' +
        'SELECT 1 FROM events.event WHERE tenant = $1 AND source_id = ANY($2::integer[]) UNION ALL ' +
        'SELECT 1 FROM events.event WHERE tenant = $3 AND source_id = ANY($4::integer[])' +
        ' AND (tenant = $1 AND source_id = ANY($2::integer[])) IS NOT TRUE UNION ALL ' +
        'SELECT 1 FROM events.event WHERE type_id = $5 AND source_id = $6' +
        ' AND (tenant = $1 AND source_id = ANY($2::integer[])) IS NOT TRUE' +
        ' AND (tenant = $3 AND source_id = ANY($4::integer[])) IS NOT TRUE) AS event',
    );
    expect(values).toEqual([hyphenated(KEY), [1, 2], hyphenated(other), [1, 2], 7, 3]);
  });

  it('says many things that may be seen in one condition', () => {
    const keys = Array.from({ length: 50 }, (_, index) => String(index).padStart(32, '0'));
    const many = countStatement({ owners: [], visible: [{ role: 'project', keys, sourceIds: [1] }] });
    expect(many.text).toContain('WHERE project = ANY($1::uuid[]) AND source_id = $2)');
    const narrow = countStatement({
      owners: [{ role: 'tenant', key: KEY }],
      visible: [{ role: 'project', sourceIds: [1] }, { typeIds: [2] }],
    });
    expect(narrow.text).toContain('WHERE tenant = $1 AND (project IS NOT NULL AND source_id = $2 OR type_id = $3))');
  });

  it('shows nothing for what bounds nothing', () => {
    expect(countStatement({ owners: [], visible: [{}] }).text).toContain('WHERE false');
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
