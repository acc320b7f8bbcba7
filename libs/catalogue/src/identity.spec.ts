import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentId,
  eventUuid,
  firstUuidAt,
  hyphenated,
  identityKey,
  parseUuid,
  scopeKey,
  timeOfUuid,
} from './identity.js';

/** The years that RFC 3339 can say, in microseconds since the epoch. */
const MICROS = fc.bigInt({
  min: BigInt(Date.parse('0000-01-01T00:00:00Z')) * 1000n,
  max: BigInt(Date.parse('9999-12-31T23:59:59.999Z')) * 1000n + 999n,
});
const KEY = fc.tuple(fc.string(), fc.string()).map(([source, id]) => identityKey(source, id));

describe('identityKey', () => {
  it('is 32 hex digits, the same for the same source and id', () => {
    expect(identityKey('/lxd/rack1', '7')).toMatch(/^[0-9a-f]{32}$/);
    expect(identityKey('/lxd/rack1', '7')).toBe(identityKey('/lxd/rack1', '7'));
  });

  it('tells sources and ids apart, wherever the one ends and the other begins', () => {
    const said = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 6 });
    fc.assert(
      fc.property(said, said, said, said, (source, id, otherSource, otherId) => {
        const same = source === otherSource && id === otherId;
        expect(identityKey(source, id) === identityKey(otherSource, otherId)).toBe(same);
      }),
    );
  });
});

describe('eventUuid', () => {
  it('is a uuid of version 8 and the variant of RFC 9562', () => {
    fc.assert(
      fc.property(MICROS, KEY, (micros, key) => {
        expect(eventUuid(micros, key)).toMatch(/^[0-9a-f]{12}8[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
      }),
    );
  });

  it('sorts as its time does, whatever the identities', () => {
    fc.assert(
      fc.property(MICROS, MICROS, KEY, KEY, (a, b, keyOfA, keyOfB) => {
        if (a === b) return;
        expect(eventUuid(a, keyOfA) < eventUuid(b, keyOfB)).toBe(a < b);
      }),
    );
  });

  it('sorts a microsecond apart', () => {
    fc.assert(
      fc.property(MICROS, KEY, KEY, (micros, key, other) => {
        expect(eventUuid(micros, key) < eventUuid(micros + 1n, other)).toBe(true);
      }),
    );
  });

  it('gives its time back', () => {
    fc.assert(
      fc.property(MICROS, KEY, (micros, key) => {
        expect(timeOfUuid(eventUuid(micros, key))).toBe(micros);
        expect(timeOfUuid(firstUuidAt(micros))).toBe(micros);
      }),
    );
  });

  it('lies between the bounds of its time', () => {
    fc.assert(
      fc.property(MICROS, KEY, (micros, key) => {
        const uuid = eventUuid(micros, key);
        expect(firstUuidAt(micros) <= uuid && uuid < firstUuidAt(micros + 1n)).toBe(true);
      }),
    );
  });

  it('tells identities of one time apart', () => {
    const uuids = Array.from({ length: 1000 }, (_, id) => eventUuid(0n, identityKey('/lxd/main', String(id))));
    expect(new Set(uuids).size).toBe(1000);
  });
});

describe('a uuid as text', () => {
  it('is read with hyphens and without, in either case', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const plain = uuid.replaceAll('-', '');
        for (const text of [uuid, plain, uuid.toUpperCase(), plain.toUpperCase()]) expect(parseUuid(text)).toBe(plain);
        expect(hyphenated(plain)).toBe(uuid);
      }),
    );
  });

  it.each([
    '',
    'c15fd02a4aaf4f99a47a41ebaa03dde',
    'c15fd02a4aaf4f99a47a41ebaa03ddebb',
    'c15fd02a-4aaf-4f99-a47a-41ebaa03ddeg',
    'c15fd02a4-aaf-4f99-a47a-41ebaa03ddeb',
    '{c15fd02a-4aaf-4f99-a47a-41ebaa03ddeb}',
    'c15fd02a-4aaf-4f99-a47a-41ebaa03ddeb\n',
  ])('is not %j', (text) => {
    expect(parseUuid(text)).toBeUndefined();
  });
});

describe('scopeKey', () => {
  it('is one for both spellings of a uuid', () => {
    const key = scopeKey('waldur', 'c15fd02a4aaf4f99a47a41ebaa03ddeb');
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(scopeKey('waldur', 'C15FD02A-4AAF-4F99-A47A-41EBAA03DDEB')).toBe(key);
  });

  it('tells names apart, and one name in two systems', () => {
    expect(scopeKey('cds', 'GENOME')).not.toBe(scopeKey('cds', 'genome'));
    expect(scopeKey('lxd', 'default')).not.toBe(scopeKey('cds', 'default'));
  });
});

it('derives an id of 32 hex digits from what an event says', () => {
  expect(contentId('[1]')).toMatch(/^[0-9a-f]{32}$/);
  expect(contentId('[1]')).not.toBe(contentId('[2]'));
});
