import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { REPOSITORY } from '../harness/repository.js';

/** Texts that readers, writers, databases and protocols have broken over. */
const CORPUS_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\ufeff',
  '\u2028',
  '\r\nX-Injected: 1',
  '__proto__',
  'constructor',
  'toString',
  'data',
  'data_base64',
  '{{#each .}}{{.}}{{/each}}',
  '$..*',
  '(a+)+$',
  "' OR 1=1 --",
  '%00%zz',
  '../../etc/passwd',
  '-infinity',
  'NaN',
  '9'.repeat(400),
  'é'.repeat(3_000),
  'x'.repeat(70_000),
];

/** Numbers as JSON texts; a double cannot hold most of them. */
const CORPUS_NUMBERS = ['-0', '1e400', '-1e400', '12345678901234567890', '0.1e-400', `${'9'.repeat(5_000)}`, '1E+2'];

/** Times that somebody has sent as a time. */
const CORPUS_TIMES = [
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:60Z',
  '2026-02-30T00:00:00Z',
  '2026-11-02T08:01:53',
  '2026-11-02 08:01:53.123456789+0000',
  '1793620800',
  '292277026596-12-04T15:30:08Z',
  'yesterday',
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...CORPUS_TEXTS, ...CORPUS_TIMES) },
  fc.string({ unit: 'binary', maxLength: 200 }),
  // Any code units, halves of surrogate pairs among them.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
);

/** JSON text: of any shape, deep, wide, with keys twice and numbers that a double cannot hold; sometimes broken. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.json({ maxDepth: 6 }) },
  hostileText.map((text) => JSON.stringify(text)),
  fc.constantFrom(...CORPUS_NUMBERS),
  fc.constantFrom(499, 500, 501, 512, 513, 5_000, 100_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.constantFrom(501, 20_000).map((depth) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)),
  fc
    .array(fc.tuple(hostileText, fc.constantFrom('1', 'null', '{"__proto__":{"x":1}}', '[[]]', ...CORPUS_NUMBERS)))
    .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
  fc
    .integer({ min: 1, max: 20_000 })
    .map((width) => `{${Array.from({ length: width }, (_, i) => `"k${i}":${i}`).join()}}`),
);

/** Native events of all systems, as they are. */
const SAMPLES = ['waldur-webhook', 'lxd-events', 'cds-webhook', 'ibm-cloudevents'].flatMap((name) =>
  readFileSync(join(REPOSITORY, 'test', 'samples', `${name}.ndjson`), 'utf8')
    .split('\n')
    .filter((line) => line !== ''),
);

/** A native event of some system with one member, anywhere, replaced by something hostile. */
export const spoiledSample: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.nat(), hostileJson)
  .map(([sample, at, value]) => {
    // Members begin behind these; the place may be inside of a string, which spoils the JSON: also an input.
    const places = [...sample.matchAll(/":/g)].map(({ index }) => index + 2);
    const place = places[at % places.length] ?? 0;
    const end = sample.slice(place).search(/[,}]/);
    return sample.slice(0, place) + value + sample.slice(end < 0 ? sample.length : place + end);
  });

/** A CloudEvent of a declared type; each attribute may be replaced, others are added. */
export const spoiledAttributes: fc.Arbitrary<Record<string, string>> = fc
  .tuple(
    fc.uuid(),
    fc.dictionary(
      fc.constantFrom('id', 'source', 'type', 'subject', 'time', 'dataschema', 'specversion'),
      hostileText,
      {
        maxKeys: 2,
      },
    ),
    fc.dictionary(fc.oneof(fc.stringMatching(/^[a-z0-9]{1,20}$/), hostileText), hostileText, { maxKeys: 80 }),
  )
  .map(([id, replaced, added]) => ({
    ...added,
    specversion: '1.0',
    id,
    source: '/cds/main',
    type: 'com.ovh.cds.ProjectCreated',
    time: '2026-11-02T12:00:00Z',
    ...replaced,
  }));

/** The payload of that type. */
export const PAYLOAD = '{"project_key":"FUZZ","username":"aino"}';

/** Any of the above as a body. */
export const hostileBody: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
  hostileJson.map((text) => Buffer.from(text)),
  spoiledSample.map((text) => Buffer.from(text)),
  fc.array(fc.oneof(spoiledSample, hostileJson), { maxLength: 30 }).map((lines) => Buffer.from(lines.join('\n'))),
  fc.array(fc.oneof(spoiledSample, hostileJson), { maxLength: 30 }).map((items) => Buffer.from(`[${items.join()}]`)),
  spoiledAttributes.map((event) => Buffer.from(JSON.stringify({ ...event, data: JSON.parse(PAYLOAD) as unknown }))),
);
