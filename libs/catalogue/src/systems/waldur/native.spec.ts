import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCOPE_ROLES, type NativeReading } from '../../definition.js';
import { isJsonObject, parseJson, type JsonObject } from '../../json.js';
import { catalogue } from '../index.js';
import { waldur } from './system.js';

const samples = readFileSync(new URL('../../../../../test/samples/waldur-webhook.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => parseJson(line).exact as JsonObject);

const NATIVE = {
  created: '2026-11-02T08:01:53.204968Z',
  message: 'Customer University of Tartu has been created.',
  context: { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9', customer_name: 'University of Tartu' },
  event_type: 'customer_creation_succeeded',
};

const { native } = waldur;
if (native === undefined) throw new TypeError('Waldur has a format of its own');
const { read, write } = native;

function eventOf(reading: NativeReading) {
  if ('rejection' in reading) throw new TypeError(`${reading.rejection.field} ${reading.rejection.problem}`);
  return reading.event;
}

describe("Waldur's native events", () => {
  it('has all of the samples', () => {
    expect(samples).toHaveLength(41);
  });

  it.each(samples.map((sample) => [sample['event_type'], sample] as const))(
    'reads a sample of %s that conforms, has a subject and scopes, and is written as it came',
    (_type, sample) => {
      const event = eventOf(read(sample, 'main'));
      const type = catalogue.type(event.type);
      expect(type?.validate(event.data)).toEqual([]);
      expect(event.subject).toBe(type?.subjectOf(event.data));
      expect(event.subject).toMatch(/^[0-9a-f]{32}/);
      expect(SCOPE_ROLES.some((role) => type?.scopeOf(role, event.data) !== undefined)).toBe(true);
      expect(type?.messageOf(event.data)).toBe(sample['message']);
      expect(event.source).toBe('/waldur/main');
      expect(event.time).toBe(sample['created']);
      expect(write(event)).toEqual(sample);
    },
  );

  it('gives different samples different ids', () => {
    const ids = samples.map((sample) => eventOf(read(sample, 'main')).id);
    expect(new Set(ids).size).toBe(samples.length);
  });

  it('knows an event again, whichever way it came', () => {
    const hooked = eventOf(read(NATIVE, 'main'));
    const ways = {
      'from the events API, which adds a uuid': { ...NATIVE, uuid: 'c1d6b9a4a3a64a0a9cf5a1a1b9f0d6c2' },
      'with its keys in another order': Object.fromEntries(Object.entries(NATIVE).reverse()) as typeof NATIVE,
      'with the time said in another way': { ...NATIVE, created: '2026-11-02T10:01:53.204968+02:00' },
      'from a form, with the context as text': { ...NATIVE, context: JSON.stringify(NATIVE.context) },
    };
    for (const [way, sent] of Object.entries(ways)) {
      const event = eventOf(read(sent, 'main'));
      expect({ way, id: event.id, data: event.data }).toEqual({ way, id: hooked.id, data: hooked.data });
      expect(event.time).toBe(sent.created);
    }
  });

  it('tells events apart that differ in anything that Waldur says', () => {
    const others = [
      { ...NATIVE, event_type: 'customer_update_succeeded' },
      { ...NATIVE, created: '2026-11-02T08:01:53.204969Z' },
      { ...NATIVE, message: 'Customer has been created.' },
      { ...NATIVE, context: { ...NATIVE.context, customer_abbreviation: 'UT' } },
    ];
    const ids = [NATIVE, ...others].map((sent) => eventOf(read(sent, 'main')).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('takes a missing context for an empty one', () => {
    const empty = eventOf(read({ ...NATIVE, context: {} }, 'main'));
    for (const context of [null, undefined]) {
      const event = eventOf(read({ ...NATIVE, context }, 'main'));
      expect(event.data['context']).toEqual({});
      expect(event.id).toBe(empty.id);
    }
  });

  it('keeps what does not conform, with the reasons', () => {
    const event = eventOf(read({ ...NATIVE, message: 7, context: { customer_uuid: 'Tartu' } }, 'main'));
    expect(
      catalogue
        .type(event.type)
        ?.validate(event.data)
        .map(({ field }) => field)
        .sort(),
    ).toEqual(['context.customer_uuid', 'message']);
  });

  it('keeps keys that nobody declared, and numbers that a double cannot hold', () => {
    const text = '{"customer_uuid":"47eaa0992cb6416d86dc283cf0480ff9","quota":12345678901234567890,"__proto__":1}';
    const context = parseJson(text).exact as JsonObject;
    const event = eventOf(read({ ...NATIVE, context }, 'main'));
    expect(event.data['context']).toBe(context);
  });

  it.each([
    ['type', 'event_type', { ...NATIVE, event_type: undefined }],
    ['type', 'event_type', { ...NATIVE, event_type: '' }],
    ['type', 'event_type', { ...NATIVE, event_type: 7 }],
    ['type', 'event_type', { ...NATIVE, event_type: 'two words' }],
    ['time', 'created', { ...NATIVE, created: undefined }],
    ['time', 'created', { ...NATIVE, created: 'yesterday' }],
    ['time', 'created', { ...NATIVE, created: '2026-04-31T08:01:53Z' }],
    ['time', 'created', { ...NATIVE, created: {} }],
  ])('rejects a native event without a usable %s', (kind, field, sent) => {
    const reading = read(sent, 'main');
    expect(reading).toMatchObject({ rejection: { kind, field } });
    expect('rejection' in reading && reading.rejection.problem).toMatch(/^must be /);
  });

  it('reads a type that nobody declared as far as it can be told', () => {
    const sent = {
      ...NATIVE,
      event_type: 'pat_used_from_new_ip',
      context: {
        affected_user_uuid: '3b041641178844f2a60df25453fe2e85',
        user_uuid: '6e704245a4ff41e3a7949b80dcb0b82e',
      },
    };
    const event = eventOf(read(sent, 'rack1'));
    expect(catalogue.type(event.type)).toBeUndefined();
    const reader = catalogue.undeclaredReader('waldur', event.type);
    expect(reader).toMatchObject({ nativeType: sent.event_type, kafkaTopic: 'lifecycle.waldur.uncatalogued' });
    expect(event.subject).toBe('3b041641178844f2a60df25453fe2e85');
    expect(reader.subjectOf(event.data)).toBe(event.subject);
    expect(reader.scopeOf('actor', event.data)).toBe('6e704245a4ff41e3a7949b80dcb0b82e');
    expect(reader.facetOf('relatedUser', event.data)).toBe('3b041641178844f2a60df25453fe2e85');
    expect(reader.messageOf(event.data)).toBe(sent.message);
    expect(write(event)).toEqual(sent);
  });

  it('says an event in words that came without any, as those who take hooks expect', () => {
    const { message, ...silent } = NATIVE;
    const event = eventOf(read(silent, 'main'));
    expect(event.data).toEqual({ context: NATIVE.context });
    expect(write(event)).toEqual({ ...NATIVE, message: 'A customer (University of Tartu) was created.' });
    expect(message).not.toBe(write(event)['message']);
  });

  it('writes what it read, whatever the context', () => {
    const anyNative = fc.record({
      created: fc
        .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      message: fc.string({ unit: 'binary' }),
      context: fc.dictionary(fc.string(), fc.jsonValue()),
      event_type: fc.constantFrom('customer_update_succeeded', 'resource_stop_failed', 'not_known_yet'),
    });
    fc.assert(
      fc.property(anyNative, (sent) => {
        const event = eventOf(read(sent, 'main'));
        const written = write(event);
        expect(written).toEqual(sent);
        expect(eventOf(read(written, 'main'))).toEqual(event);
        expect(isJsonObject(event.data['context'])).toBe(true);
      }),
    );
  });
});
