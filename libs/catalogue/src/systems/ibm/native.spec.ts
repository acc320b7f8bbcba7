import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NativeReading } from '../../definition.js';
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '../../json.js';
import { catalogue } from '../index.js';
import { innerType, keyOfInner } from './names.js';
import { ibm } from './system.js';

const lines = readFileSync(new URL('../../../../../test/samples/ibm-cloudevents.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

/** The example in IBM's documentation: bare, with an event_id that is no well-formed UUID. */
const BARE = JSON.parse(
  readFileSync(new URL('../../../test-data/ibm-bare.json', import.meta.url), 'utf8'),
) as JsonObject;

const WRAPPED: JsonObject = {
  specversion: '1.0',
  id: BARE['event_id'],
  source: 'crn:v1:bluemix:public:resource-controller:global:a/abcdef2595f4d598c1725d60fc77:::',
  type: 'com.ibm.cloud.resource-lifecycle-events.instance:create',
  time: BARE['timestamp'],
  datacontenttype: 'application/json',
  subject:
    'crn:v1:staging:public:apprapp:us-south:a/abcdf222595g44d598c178525i60jc77:f4fca3f2-fdd3-485e-b86c-1234dd3eabc4::',
  notification_id: 'e99488b2-4207-4f88-96ae-bb4a155d1aa5',
  data: BARE,
};

const { native } = ibm;
if (native === undefined) throw new TypeError('IBM Cloud has a format of its own');
const { read, write } = native;

function eventOf(reading: NativeReading) {
  if ('rejection' in reading) throw new TypeError(`${reading.rejection.field} ${reading.rejection.problem}`);
  return reading.event;
}

/** What two copies of an event must agree in. */
function comparable(native: JsonObject) {
  const { extensions: _, ...event } = eventOf(read(native, 'main'));
  return event;
}

describe("IBM Cloud's native events", () => {
  it('has all of the samples', () => {
    expect(lines).toHaveLength(11);
  });

  it.each(lines)('reads %s, which conforms, and writes it as it came', (line) => {
    const sample = JSON.parse(line) as JsonObject;
    const event = eventOf(read(parseJson(line).exact as JsonObject, 'main'));
    const type = catalogue.type(event.type);
    expect(type?.validate(event.data)).toEqual([]);
    expect(event.source).toBe('/ibm/main');
    expect(event.subject).toBe(type?.subjectOf(event.data));
    expect(event.extensions?.['ibmsource']).toBe(sample['source']);
    expect(stringifyJson(write(event))).toBe(stringifyJson(sample));
  });

  it.each(lines)('takes %s for the same event when it is bare', (line) => {
    const sample = JSON.parse(line) as JsonObject;
    const bare = sample['data'];
    if (!isJsonObject(bare)) throw new TypeError('a sample has data');
    expect(comparable(bare)).toEqual(comparable(sample));
    expect(write(eventOf(read(bare, 'main')))).toEqual(bare);
  });

  it("takes the documentation's example as printed, and wrapped, for one event", () => {
    const event = eventOf(read(BARE, 'main'));
    expect(event).toMatchObject({
      id: '7ca39870-eb1b-6c50-88b1-48c04123494',
      source: '/ibm/main',
      type: 'com.ibm.cloud.resource-lifecycle-events.instance:create',
      time: '2022-09-30T16:18:55Z',
    });
    expect(event.extensions).toBeUndefined();
    expect(catalogue.type(event.type)?.validate(event.data)).toEqual([]);
    expect(comparable(WRAPPED)).toEqual(comparable(BARE));
    expect(write(event)).toEqual(BARE);
    expect(stringifyJson(write(eventOf(read(WRAPPED, 'main'))))).toBe(stringifyJson(WRAPPED));
  });

  it.each([
    ['delivered again', { notification_id: '5ef88670-dc45-4806-bc25-b26a818a01a5' }],
    ['delivered through another source', { source: 'crn:v1:other' }],
    ['wrapped at another time', { time: '2022-09-30T16:19:00Z' }],
    ['wrapped under an id of the delivery', { id: 'another' }],
    ['wrapped with another subject', { subject: 'instance' }],
    ['traced', { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }],
  ])('is the same event, and is written as it came, when it is %s', (_what, change) => {
    const native = { ...WRAPPED, ...change };
    expect(comparable(native)).toEqual(comparable(WRAPPED));
    expect(write(eventOf(read(native, 'main')))).toEqual(native);
  });

  it('keeps extensions under their own names, and others where they can be', () => {
    const native = { ...WRAPPED, traceparent: '00-a-b-01', ibmendefaultshort: 'Created', isTest: true, sequence: 7 };
    const { extensions } = eventOf(read(native, 'main'));
    expect(extensions).toMatchObject({ traceparent: '00-a-b-01', ibmendefaultshort: 'Created' });
    for (const name of Object.keys(extensions ?? {})) expect(name).toMatch(/^[a-z0-9]+$/);
    expect(write(eventOf(read(native, 'main')))).toEqual(native);
  });

  it('lets nobody bring the extensions that are ours', () => {
    const native = { ...WRAPPED, ibmsource: 'crn:v1:forged', ibmenvelope: '{"type":"forged"}' };
    const event = eventOf(read(native, 'main'));
    expect(event.extensions?.['ibmsource']).toBe(WRAPPED['source']);
    expect(write(event)).toMatchObject({ type: WRAPPED['type'], source: WRAPPED['source'] });
  });

  it('keeps an event of another of its sources', () => {
    const native: JsonObject = {
      specversion: '1.0',
      id: 'a1',
      source: 'crn:v1:cm',
      type: 'com.ibm.cloud.certificate-manager.certificate_expired',
      time: '2026-11-02T10:47:09Z',
      subject: 'certificate 7',
      data: { certificate: 'wild.example.org' },
    };
    const event = eventOf(read(native, 'main'));
    expect(event).toMatchObject({ id: 'a1', type: native['type'], subject: 'certificate 7', source: '/ibm/main' });
    expect(write(event)).toEqual({ ...native, datacontenttype: 'application/json' });
    const reader = catalogue.undeclaredReader('ibm', event.type);
    expect(reader.nativeType).toBe(native['type']);
    expect(reader.messageOf(event.data)).toMatch(/\S/);
  });

  it('keeps a sub-type that nobody declared', () => {
    const event = eventOf(read({ ...BARE, event_type: 'resource-controller.instance.clone' }, 'main'));
    expect(event.type).toBe('com.ibm.cloud.resource-lifecycle-events.instance:clone');
    const reader = catalogue.undeclaredReader('ibm', event.type);
    expect(reader.nativeType).toBe('resource-controller.instance.clone');
    expect(reader.scopeOf('tenant', event.data)).toBe(BARE['account_id']);
    const other = eventOf(read({ ...BARE, event_type: 'iam.key.create' }, 'main'));
    expect(other.type).toBe('com.ibm.cloud.resource-lifecycle-events.iam.key.create');
  });

  it('derives an id where there is none, the same for both forms', () => {
    const { event_id: _, ...data } = BARE;
    const { id: __, ...wrapper } = WRAPPED;
    const bare = eventOf(read(data, 'main'));
    expect(bare.id).toMatch(/^[0-9a-f]{32}$/);
    expect(eventOf(read({ ...wrapper, data }, 'main')).id).toBe(bare.id);
  });

  it.each([
    ['type', 'event_type', {}],
    ['type', 'event_type', { ...BARE, event_type: 7 }],
    ['time', 'timestamp', { ...BARE, timestamp: 'yesterday' }],
    ['type', 'type', { ...WRAPPED, type: undefined }],
    ['shape', 'data', { ...WRAPPED, data: 'text' }],
    ['shape', 'data', { ...WRAPPED, data: [BARE] }],
    ['time', 'time', { ...WRAPPED, time: undefined, data: {} }],
  ])('has no use for one without its %s in %s', (kind, field, native) => {
    expect(read(native, 'main')).toMatchObject({ rejection: { kind, field } });
  });

  it('keeps huge numbers on both levels', () => {
    const line = stringifyJson(WRAPPED)
      .replace('"reason_reasonCode":201', '"reason_reasonCode":12345678901234567890')
      .replace('"notification_id"', '"sequence":98765432109876543210,"notification_id"');
    expect(stringifyJson(write(eventOf(read(parseJson(line).exact as JsonObject, 'main'))))).toBe(line);
  });
});

describe("an IBM event's names", () => {
  it('turn into each other', () => {
    for (const { type, nativeType } of catalogue.types().filter(({ system }) => system === 'ibm')) {
      expect(ibm.typePrefix + keyOfInner(nativeType)).toBe(type);
      expect(innerType(type.slice(ibm.typePrefix.length))).toBe(nativeType);
    }
  });

  it('stay as they are when they have another form', () => {
    for (const name of ['', 'instance', 'resource-controller.', 'resource-controller.instance', 'a.b.c']) {
      expect(keyOfInner(name)).toBe(name);
      expect(innerType(name)).toBe(name);
    }
  });
});

describe('how an IBM event says that something ended', () => {
  const outcomeOf = (key: string, outcome?: unknown) =>
    catalogue.type(ibm.typePrefix + key)?.outcomeOf({ context: { activity: { outcome } } });

  it.each([
    ['instance:create', 'success', 'succeeded'],
    ['instance:create', 'failure', 'failed'],
    ['instance:create', undefined, 'succeeded'],
    ['instance:create', 'odd', 'succeeded'],
    ['instance:create_failure', 'success', 'failed'],
    ['instance:create_inprogress', 'success', 'in_progress'],
    ['instance:schedule_reclaim', 'success', 'scheduled'],
    ['key:delete_failure', undefined, 'failed'],
    ['resource_group:update', 'pending', 'in_progress'],
  ])('%s with outcome %s is %s', (key, said, outcome) => {
    expect(outcomeOf(key, said)).toBe(outcome);
  });

  it('and says it for people in its own words, or in ours', () => {
    const type = catalogue.type(`${ibm.typePrefix}instance:delete_failure`);
    expect(type?.messageOf({ context: { activity: { message: 'delete failed' } } })).toBe('delete failed');
    expect(type?.messageOf({ event_properties: { name: 'db-1' } })).toBe(
      'A service instance (db-1) could not be deleted.',
    );
    expect(type?.messageOf({})).toBe('A service instance could not be deleted.');
  });
});
