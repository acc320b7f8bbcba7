/** What no parameter, id or body should be, and what servers have broken over. */
export const HOSTILE_TEXTS: readonly string[] = [
  "' OR '1'='1' --",
  "'; DROP TABLE events.event; --",
  '1) UNION SELECT digest FROM access.secret --',
  '$1::text',
  '%',
  '\\',
  '\u0000',
  'a\u0000b',
  '\r\nX-Injected: 1',
  '{"$ne":null}',
  '__proto__',
  'constructor',
  '../../../../etc/passwd',
  '9'.repeat(400),
  '-9223372036854775809',
  '1e999999999',
  '0x7fffffff',
  'NaN',
];

/** Queries as they are sent, that are none of the texts above under the name of a parameter. */
export const HOSTILE_QUERIES: readonly string[] = [
  '__proto__=1',
  '__proto__[polluted]=1',
  'constructor=1&constructor[prototype][polluted]=1',
  'hasOwnProperty=1&toString=2&valueOf=3',
  `a${'[b]'.repeat(300)}=1`,
  'a[b][c]=1&a[]=2&a.b=3',
  '%00=%00',
  'page=%00',
  'q=%ed%a0%80&message=%ed%b0%80',
  '%ed%a0%80=1',
  'q=%c0%af',
  'q=%ff%fe',
  'q=%zz',
  '%',
  '=&&&=&?',
  '&'.repeat(5_000),
  'x=1&'.repeat(2_000),
  'page=1&page=2&page=last&page_size=0&page_size=-1&page_size=9999999999999999999999',
  'o=created&o=-created&o=nobody&o[]=created',
  'created_from=9&created_from=8&created_to=1e400&created_to=-1e400',
  `q=${'x'.repeat(12_000)}`,
];

/** Bodies as they are sent. */
export const HOSTILE_BODIES: readonly (string | Buffer)[] = [
  '',
  ' ',
  '{',
  'null',
  'true',
  '[]',
  '[[[[]]]]',
  '"text"',
  '1e999',
  '9'.repeat(5_000),
  '['.repeat(50_000),
  '{"a":'.repeat(20_000),
  '{"__proto__":{"polluted":true},"name":"x"}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"name":{"toString":1},"permissions":{"length":1},"scopes":[["*"]],"expires_at":{},"certificate":[]}',
  '{"name":"\\u0000","permissions":["events:read"],"scopes":["lxd:\\u0000"]}',
  '{"name":"\\ud800","permissions":["admin"],"sources":["\\udc00"]}',
  '{"value":"\\ud800","headers":{"\\u0000":"\\u0000","__proto__":"x"}}',
  '{"specversion":"1.0","id":"\\u0000","source":"\\ud800","type":"\'; DROP TABLE x; --","data":{}}',
  '{"grace_seconds":1e400,"expires_at":"9999-99-99T99:99:99Z"}',
  '{"a":1}{"a":2}',
  Buffer.from([0xff, 0xfe, 0x00, 0x7b]),
  Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
  `{"name":"${'x'.repeat(2_000_000)}"}`,
];

/** Content types that a body of JSON may be sent under, wrongly; undefined: none. */
export const HOSTILE_TYPES: readonly (string | undefined)[] = [
  undefined,
  '',
  'text/plain',
  'application/xml',
  'application/json; charset=utf-16',
  'application/json;;;=',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/cloudevents+xml',
  'a/b/c',
  'x'.repeat(2_000),
];

/** What becomes of a cursor in the wrong hands. */
export function spoiledCursors(cursor: string): readonly string[] {
  const flipped = (at: number): string =>
    `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`;
  return [
    ...[1, 20, 30, 45, cursor.length - 1].map(flipped),
    ...[1, 2, 10, cursor.length - 1].map((length) => cursor.slice(0, length)),
    `${cursor}A`,
    `${cursor}=`,
    `${cursor} `,
    cursor.toUpperCase(),
    `c${'A'.repeat(52)}`,
    `c${'A'.repeat(8_000)}`,
    `c'; DROP TABLE x; --`,
  ];
}
