import { catalogue, DELIVERY_LIMITS, EVENT_LIMITS } from '@tidings/catalogue';
import { encodeRawNative, NATIVE_ORIGIN_HEADER, type OutgoingRecord, type RefusalReason } from '@tidings/transport';

/** The largest event in these tests, bytes. */
export const MAX_EVENT_BYTES = 4_000;

const TYPE = 'com.waldur.customer_creation_succeeded';
const { example, kafkaTopic } = catalogue.type(TYPE) ?? fail(`${TYPE} is not declared`);
const [ofAnotherSystem] = catalogue.types().filter(({ system }) => system === 'ibm');
/** Where the messages lie. */
export const KAFKA_TOPICS = [kafkaTopic, ofAnotherSystem?.kafkaTopic ?? fail('IBM has no types')] as const;
const [, TOPIC_OF_ANOTHER_SYSTEM] = KAFKA_TOPICS;

/** One message, and what becomes of it. */
export interface Case {
  readonly name: string;
  readonly record: OutgoingRecord;
  /** Undefined: it is taken. */
  readonly refused?: RefusalReason;
  /** It is taken, but handlers are given declared types alone. */
  readonly isUntyped?: true;
}

const attributes = {
  ce_specversion: '1.0',
  ce_source: '/waldur/main',
  ce_type: TYPE,
  ce_time: '2026-11-02T08:01:53Z',
  'content-type': 'application/json',
};
const data = JSON.stringify(example);
const native = { [NATIVE_ORIGIN_HEADER]: 'native' };

function binary(
  headers: Readonly<Record<string, string | undefined>> = {},
  value: OutgoingRecord['value'] = data,
): OutgoingRecord {
  const given = Object.entries({ ...attributes, ...headers }).filter(([, text]) => text !== undefined);
  return { kafkaTopic, key: null, value, headers: Object.fromEntries(given) };
}

function structured(members: object, padding = 0): OutgoingRecord {
  const { ce_specversion: specversion, ce_source: source, ce_type: type, ce_time: time } = attributes;
  const text = JSON.stringify({ specversion, source, type, time, data: example, ...members });
  const value = `${text.slice(0, -1)}${' '.repeat(padding)}}`;
  return { kafkaTopic, key: null, value, headers: { 'content-type': 'application/cloudevents+json' } };
}

/** The event with as many bytes. */
function padded(bytes: number): string {
  return `${data.slice(0, -1)}${' '.repeat(bytes - data.length)}}`;
}

function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

function notUtf8(): Buffer {
  return Buffer.from(data.replace(/"message":"/, '"message":"\u00ff'), 'latin1');
}

/** Messages that no reader may take, by why: at least one of every kind of refusal. */
export const REFUSED: readonly (readonly [string, RefusalReason, OutgoingRecord])[] = [
  ['text without headers', 'not_an_event', { kafkaTopic, key: null, value: 'nonsense', headers: {} }],
  ['no value', 'not_an_event', binary({}, null)],
  ['no id', 'not_an_event', structured({ source: '/waldur/main' })],
  ['another version of CloudEvents', 'not_an_event', binary({ ce_specversion: '0.3' })],
  ['an unusable time', 'not_an_event', binary({ ce_time: 'soon' })],
  ['data that is not JSON by its name', 'not_an_event', binary({ 'content-type': 'text/plain' })],
  ['a batch of events', 'not_an_event', binary({ 'content-type': 'application/cloudevents-batch+json' }, '[]')],
  ['an event in JSON that ends early', 'not_an_event', { ...structured({ id: 'x' }), value: '{"specversion":"1.0"' }],
  ['an event in JSON without data', 'not_an_event', structured({ id: 'x', data: undefined })],
  ['data beside base64', 'not_an_event', structured({ id: 'x', data_base64: 'e30=' })],
  ['an attribute that is too long', 'not_an_event', binary({ ce_subject: 'x'.repeat(2_049) })],
  ['data nested too deep', 'not_an_event', binary({}, nested(EVENT_LIMITS.depth.value + 1))],
  ['native data nested too deep', 'not_an_event', binary(native, nested(EVENT_LIMITS.depth.value + 1))],
  ['data that ends early', 'not_an_event', binary({}, '{"message":')],
  ['native data that ends early', 'not_an_event', binary(native, '{"message":')],
  ['data that is not UTF-8', 'not_an_event', binary({}, notUtf8())],
  ['native data that is not UTF-8', 'not_an_event', binary(native, notUtf8())],
  ['more hops than are allowed', 'not_an_event', binary({ ce_tidingshops: String(DELIVERY_LIMITS.hops.value + 1) })],
  ['more hops, native', 'not_an_event', binary({ ...native, ce_tidingshops: '99' })],
  [
    'a native event that could not be read',
    'unusable_native_event',
    encodeRawNative(kafkaTopic, { system: 'waldur', site: 'main', problem: 'has no type' }, data),
  ],
  ['an undeclared type', 'unknown_type', binary({ ce_type: 'com.waldur.customer_creation_succeded' })],
  ['a payload that does not fit', 'invalid_payload', binary({}, '{"message":7}')],
  ['a payload that is null', 'invalid_payload', binary({}, 'null')],
  ['a payload that does not fit, in JSON', 'invalid_payload', structured({ id: 'x', data: { message: 7 } })],
  ['a source of another system', 'foreign_source', binary({ ce_source: '/lxd/main' })],
  ['a source of another system, in JSON', 'foreign_source', structured({ id: 'x', source: '/lxd/main/x' })],
  ['data that is too large', 'too_large', binary({}, padded(MAX_EVENT_BYTES + 1))],
  ['native data that is too large', 'too_large', binary(native, padded(MAX_EVENT_BYTES + 1))],
  ['a message that is too large', 'too_large', structured({ id: 'x' }, 2 * MAX_EVENT_BYTES)],
];

/** Messages just within the rules, which every reader takes. */
const TAKEN: readonly (readonly [string, OutgoingRecord])[] = [
  ['an event', binary()],
  ['an event in JSON', structured({ id: 'x' })],
  ['data as large as it may be', binary({}, padded(MAX_EVENT_BYTES))],
  ['as many hops as are allowed', binary({ ce_tidingshops: String(DELIVERY_LIMITS.hops.value) })],
  ["a team's source", binary({ ce_source: '/billing/main' })],
  ['a native payload that does not fit', binary(native, '{"message":7}')],
];
const UNTYPED: readonly (readonly [string, OutgoingRecord])[] = [
  ['a native event of an undeclared type', binary({ ...native, ce_type: 'com.waldur.brand_new' })],
  [
    'a native event with the type of another system',
    { ...binary({ ...native, ce_source: '/ibm/main' }), kafkaTopic: TOPIC_OF_ANOTHER_SYSTEM },
  ],
];

/** All of them; each with its name for its id. */
export const CASES: readonly Case[] = [
  ...REFUSED.map(([name, refused, record]): Case => ({ name, refused, record: identified(record, name) })),
  ...TAKEN.map(([name, record]): Case => ({ name, record: identified(record, name) })),
  ...UNTYPED.map(([name, record]): Case => ({ name, isUntyped: true, record: identified(record, name) })),
];

function identified(record: OutgoingRecord, id: string): OutgoingRecord {
  const { headers, value } = record;
  if (headers['ce_specversion'] !== undefined) return { ...record, headers: { ...headers, ce_id: id } };
  return {
    ...record,
    value: typeof value === 'string' ? value.replace('"id":"x"', `"id":${JSON.stringify(id)}`) : value,
  };
}

function fail(problem: string): never {
  throw new Error(problem);
}
