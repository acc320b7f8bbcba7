import { randomBytes } from 'node:crypto';
import type { IHeaders, Message } from 'kafkajs';
import { cloudEvent } from './sent-events.js';

const MEGABYTE = 1_048_576;

/** What is no event, or must not be one: each of them becomes one dead letter. */
export interface Poison {
  readonly what: string;
  readonly message: Message;
  /** Whether its batch is compressed: only so do some of them fit through the broker. */
  readonly isGzip?: boolean;
}

/** One of every kind that a producer can write to Kafka. @param round makes their ids unlike those of other rounds */
export function poisonRecords(round: number): readonly Poison[] {
  const value = Buffer.from('hello');
  const event = (n: number): Record<string, unknown> => ({ ...cloudEvent(n), id: `poison-${round}-${n}` });
  let next = 0;
  /** A good event with something else instead. */
  const structured = (what: string, spoil: Record<string, unknown>, more: Partial<Poison> = {}): Poison => ({
    what,
    message: structuredMessage(JSON.stringify({ ...event((next += 1)), ...spoil })),
    ...more,
  });
  /** The same, in text, for what JSON.stringify would mend. */
  const written = (what: string, find: string, text: string, more: Partial<Poison> = {}): Poison => ({
    what,
    message: structuredMessage(JSON.stringify({ ...event((next += 1)), spoilt: 'here' }).replace(find, () => text)),
    ...more,
  });
  /** In headers. */
  const binary = (what: string, headers: Record<string, unknown>, data: Buffer | null = DATA): Poison => ({
    what,
    message: { headers: { ...binaryHeaders(`poison-${round}-${(next += 1)}`), ...headers } as IHeaders, value: data },
  });
  const nested = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
  const data = cloudEvent(0)['data'] as object;
  return [
    { what: 'no headers', message: { value } },
    { what: 'no headers and no value', message: { value: null } },
    { what: 'an empty value', message: { value: Buffer.alloc(0) } },
    { what: 'bytes', message: { value: randomBytes(2_000), key: randomBytes(20) } },
    { what: 'a header without a value', message: { value, headers: { 'x-trace': new NoValue('x-trace') } } },
    { what: 'headers of bytes', message: { value, headers: { 'a\u0000': Buffer.from([0xff, 0]) } } },
    { what: 'a repeated header', message: { value, headers: { x: ['a', 'b'] } } },
    ...['-1', '-5', '1', '-62135596800001'].map((timestamp) => ({
      what: `the time ${timestamp}`,
      message: { value, timestamp },
    })),
    binary('a tombstone', {}, null),
    binary('a tombstone with a key', {}, Buffer.alloc(0)),
    binary('data that is no UTF-8', {}, Buffer.from([0x7b, 0xff, 0x7d])),
    binary('data that is no JSON', {}, Buffer.from('{"a":')),
    binary('data of another type', { 'content-type': 'application/xml' }),
    binary('no type', { ce_type: '' }),
    binary('an id twice', { ce_id: ['a', 'b'] }),
    binary('an id that is no UTF-8', { ce_id: Buffer.from([0x61, 0xff, 0xfe]) }),
    binary('a time that is none', { ce_time: 'yesterday' }),
    binary('an attribute that is too large', { ce_subject: 'x'.repeat(2_049) }),
    binary('an extension called data', { ce_data: '{}' }),
    binary('an extension that is too large', { ce_large: 'x'.repeat(65_537) }),
    binary('too many extensions', Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`ce_x${n}`, 'y']))),
    binary('a loop of deliveries', { ce_tidingshops: '6' }),
    structured('another version', { specversion: '0.3' }),
    structured('a type that nobody declared', { type: 'com.ovh.cds.RunJobEnqueueed' }),
    structured('a payload that does not fit', { data: { ...data, project_key: 7 } }),
    structured('a source of another system', { source: '/lxd/main' }),
    structured('a control character in the id', { id: 'a\u0000b' }),
    written('half a character in the source', '/cds/faults', '/cds/\\ud800'),
    written('half a character in the id', 'poison-', '\\udc00-'),
    written('JSON that is too deep', '"here"', nested(501)),
    written('data that is too deep', '"payload":{}', `"payload":${nested(501)}`),
    written('JSON that no parser bears', '"here"', nested(100_000), { isGzip: true }),
    written('a text of JSON that ends early', '"here"}', ''),
    { what: 'a JSON array', message: structuredMessage('[1]') },
    // The broker sees some kilobytes of these, and whoever reads them megabytes.
    { what: 'blanks', message: structuredMessage(' '.repeat(3 * MEGABYTE)), isGzip: true },
    { what: 'zeros', message: { value: Buffer.alloc(3 * MEGABYTE) }, isGzip: true },
    structured(
      'an event that is too large',
      { data: { ...data, payload: 'x'.repeat(MEGABYTE + 1) } },
      { isGzip: true },
    ),
    { what: 'many bytes', message: { value: randomBytes(MEGABYTE) } },
  ];
}

/** An event as CloudEvents' binding writes it in structured mode. */
export function structuredMessage(text: string): Message {
  return { headers: { 'content-type': 'application/cloudevents+json' }, value: Buffer.from(text) };
}

const DATA = Buffer.from(JSON.stringify(cloudEvent(0)['data']));

function binaryHeaders(id: string): Record<string, unknown> {
  const { source, type, time } = cloudEvent(0);
  const attributes = { ce_specversion: '1.0', ce_id: id, ce_source: source, ce_type: type, ce_time: time };
  return { ...attributes, 'content-type': 'application/json' };
}

/** An event in binary mode. */
export function binaryMessage(event: Readonly<Record<string, unknown>> & { readonly id: string }): Message {
  const headers = { ...binaryHeaders(event.id), ce_time: event['time'] } as IHeaders;
  return { headers, value: Buffer.from(JSON.stringify(event['data'])) };
}

/**
 * A header without a value, which the protocol has and kafkajs cannot write: its encoder asks for the size of the value
 * before it looks whether there is one. The encoder maps the values of a repeated header, and reads each three times: for
 * its size, for whether there is one, and to write it.
 */
class NoValue extends Array<string> {
  constructor(private readonly name: string) {
    super();
  }

  override map<T>(): T[] {
    let reads = 0;
    const header = {
      key: this.name,
      get value() {
        reads += 1;
        return reads % 3 === 1 ? '' : null;
      },
    };
    return [header as T];
  }
}
