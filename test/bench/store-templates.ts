import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, type JsonObject, parseJson, stringifyJson } from '@tidings/catalogue';
import { type EventRow, RecordReader } from '@tidings/events';
import { encodeEvent } from '@tidings/transport';
import { REPOSITORY } from '../harness/repository.js';

const SAMPLES = [
  { system: 'waldur', file: 'waldur-webhook.ndjson', share: 14 },
  { system: 'lxd', file: 'lxd-events.ndjson', share: 3 },
  { system: 'cds', file: 'cds-webhook.ndjson', share: 2 },
  { system: 'ibm', file: 'ibm-cloudevents.ndjson', share: 1 },
] as const;

const TEMPLATES = 20_000;
export const CUSTOMERS = 2_000;
const PROJECTS_OF_CUSTOMER = 5;
export const USERS = 10_000;
/** So seldom that the events of it are few at any size. */
export const RARE_WORD = 'quincunx';
export const RARE_EVERY = 100_000;

const BACKEND_ID_BYTES = 200;

/** Rows as the ingest's own reader makes them of what the four systems send, of customers of very different sizes. */
export function templateRows(): readonly EventRow[] {
  const reader = new RecordReader(catalogue, { prefix: '' });
  const natives = SAMPLES.flatMap(({ system, file, share }) => {
    const lines = readFileSync(join(REPOSITORY, 'test', 'samples', file), 'utf8')
      .split('\n')
      .filter(Boolean);
    return Array.from({ length: share }, () => ({ system, lines }));
  });
  return Array.from({ length: TEMPLATES }, (_, index) => {
    const { system, lines } = pick(natives, index);
    const native = parseJson(pick(lines, Math.floor(index / natives.length))).exact as JsonObject;
    return rowOf(reader, system, system === 'waldur' ? ofSomebody(native, index) : native);
  });
}

/** A row of every {@link RARE_EVERY}th event, with a word that no other has. */
export function rareRow(): EventRow {
  const reader = new RecordReader(catalogue, { prefix: '' });
  const line = readFileSync(join(REPOSITORY, 'test', 'samples', 'waldur-webhook.ndjson'), 'utf8').split('\n')[0] ?? '';
  const native = ofSomebody(parseJson(line).exact as JsonObject, 0);
  return rowOf(reader, 'waldur', { ...native, message: `The ${RARE_WORD} of a customer has changed.` });
}

/** The n-th customer of those that have most, 32 hex digits; the first has about an eighth of Waldur's events. */
export function customerUuid(number: number): string {
  return hex('c', number);
}

export function projectUuid(customer: number, number: number): string {
  return hex('d', customer * PROJECTS_OF_CUSTOMER + number);
}

export function userUuid(number: number): string {
  return hex('e', number);
}

function ofSomebody(native: JsonObject, index: number): JsonObject {
  const customer = zipf(CUSTOMERS, (index * 0.618_033_988_749_895) % 1);
  const user = zipf(USERS, (index * 0.414_213_562_373_095) % 1);
  const context = {
    ...(native['context'] as JsonObject),
    customer_uuid: customerUuid(customer),
    customer_name: `Customer number ${customer}`,
    project_uuid: projectUuid(customer, index % PROJECTS_OF_CUSTOMER),
    user_uuid: userUuid(user),
    resource_uuid: hex('f', index),
    backend_id: hex('b', index).repeat(8).slice(0, BACKEND_ID_BYTES),
  };
  return { ...native, message: `${String(native['message'])} (ticket ${index})`, context };
}

/** The number of one of `count`, of which the n-th comes about n times as seldom as the first. */
export function zipf(count: number, at: number): number {
  return Math.min(count - 1, Math.floor(count ** at) - 1);
}

/** As random as a real one, so that an index of texts is as large as with real ones. */
function hex(letter: string, number: number): string {
  return createHash('md5').update(`${letter}${number}`).digest('hex');
}

function rowOf(reader: RecordReader, system: string, native: JsonObject): EventRow {
  const reading = catalogue.system(system)?.native?.read(native, 'main');
  if (reading === undefined || 'rejection' in reading) throw new Error(`${system} does not send that`);
  const { data, ...attributes } = reading.event;
  const kafkaTopic = `lifecycle.${system}.bench`;
  const { key, value, headers } = encodeEvent(kafkaTopic, attributes, stringifyJson(data), 'native');
  const record = {
    offset: '0',
    timestamp: '0',
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [name, typeof text === 'string' ? Buffer.from(text) : text]),
    ),
  };
  const read = reader.read(record, { kafkaTopic, partition: 0 });
  if (!('row' in read)) throw new Error(`A template is no event: ${read.letter.detail}`);
  return read.row;
}

export function pick<T>(from: readonly T[], index: number): T {
  const picked = from[index % from.length];
  if (picked === undefined) throw new RangeError('nothing to pick from');
  return picked;
}
