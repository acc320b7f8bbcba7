import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAttributes } from './context-attributes.js';
import type { NativeFormat } from './definition.js';
import { parseJson, stringifyJson } from './json.js';
import { notesOf } from './native-notes.js';
import { readNativeEvent } from './native-reading.js';
import { catalogue } from './systems/index.js';

const formats = catalogue.systems().flatMap(({ name, native }) => (native === undefined ? [] : [{ name, native }]));

function formatOf(system: string): NativeFormat {
  const format = catalogue.system(system)?.native;
  if (format === undefined) throw new TypeError(`${system} has no format of its own`);
  return format;
}

function eventOf(system: string, native: object) {
  const reading = readNativeEvent(formatOf(system), native, 'main');
  if ('rejection' in reading) throw new TypeError(`${reading.rejection.field} ${reading.rejection.problem}`);
  return reading.event;
}

const LXD = {
  type: 'lifecycle',
  timestamp: '2026-11-02T12:00:00Z',
  metadata: { action: 'instance-started', source: '/1.0/instances/c1' },
};

const WRAPPED = {
  specversion: '1.0',
  id: 'a',
  source: 'crn:v1',
  type: 'com.ibm.cloud.resource-lifecycle-events.instance:create',
  time: '2026-11-02T12:00:00Z',
  data: {},
};

describe('readNativeEvent', () => {
  it('says of anything but an object that an event is one', () => {
    for (const native of [null, 7, 'text', [LXD], parseJson('12345678901234567890').exact]) {
      expect(readNativeEvent(formatOf('lxd'), native, 'main')).toMatchObject({ rejection: { kind: 'shape' } });
    }
  });

  it('bears a format that throws', () => {
    const format: NativeFormat = { ...formatOf('lxd'), read: () => JSON.parse('{') as never };
    const reading = readNativeEvent(format, LXD, 'main');
    expect(reading).toMatchObject({ rejection: { problem: expect.stringContaining('cannot be read: ') as unknown } });
  });

  it.each(['x'.repeat(2_049), 'a\nb', 'a\u0000', '\ud800'])('leaves out a subject that cannot travel', (source) => {
    const event = eventOf('lxd', { ...LXD, metadata: { ...LXD.metadata, source } });
    expect(event.subject).toBeUndefined();
    expect(notesOf(event)).toMatchObject([{ field: 'subject' }]);
    expect(event.data['metadata']).toMatchObject({ source });
  });

  it('keeps a subject of the largest size', () => {
    const source = 'x'.repeat(2_048);
    expect(eventOf('lxd', { ...LXD, metadata: { ...LXD.metadata, source } }).subject).toBe(source);
  });

  it('turns away more attributes than an event may have, and keeps as many as it may', () => {
    const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`, 'y']));
    // One of them is the source.
    expect(eventOf('ibm', { ...WRAPPED, ...members(63) }).extensions).toHaveProperty('x62', 'y');
    for (const wrapped of [
      { ...WRAPPED, ...members(64) },
      { ...WRAPPED, x: 'y'.repeat(70_000) },
      { ...WRAPPED, Large: 'y'.repeat(70_000) },
    ]) {
      const reading = readNativeEvent(formatOf('ibm'), wrapped, 'main');
      expect(reading).toMatchObject({
        rejection: { problem: expect.stringContaining('extension attributes') as unknown },
      });
    }
  });

  it.each(formats)(
    'gives attributes that every reader takes, or a reason, for whatever $name may send',
    ({ native }) => {
      const names = ['type', 'timestamp', 'created', 'event_type', 'context', 'metadata', 'data', 'specversion', 'id'];
      const value = fc.oneof(
        fc.jsonValue(),
        fc.constantFrom('2026-11-02T12:00:00Z', 'lifecycle', 'RunEnded', '1.0', 1793620800, '', 'com.x.y', '\u0000'),
      );
      const object = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value, { maxKeys: 12 });
      fc.assert(
        fc.property(object, (sent) => {
          const reading = readNativeEvent(
            native,
            parseJson(JSON.stringify(sent)).exact,
            'main',
            1_793_620_800_000_000n,
          );
          if ('rejection' in reading) {
            expect(reading.rejection.problem).toMatch(/\S/);
            return;
          }
          const { data, extensions, ...attributes } = reading.event;
          const given = Object.entries({ specversion: '1.0', ...attributes, ...extensions });
          expect(readAttributes(given)).toHaveProperty('attributes');
          expect(() => stringifyJson(data)).not.toThrow();
          expect(() => stringifyJson(native.write(reading.event))).not.toThrow();
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe('what is noted of a native event', () => {
  it('is read from events that have notes, and from no other', () => {
    const event = eventOf('cds', { id: '1', type: 'ProjectCreated', project_key: 'DEMO' });
    expect(notesOf(event)).toEqual([{ field: 'timestamp', problem: 'is missing; the time of arrival was taken' }]);
    expect(event.extensions).toMatchObject({ timeofarrival: 'true' });
    expect(notesOf(eventOf('lxd', LXD))).toEqual([]);
    for (const nativenotes of ['', '{', '7', '[7]', '[{"field":1}]']) {
      expect(notesOf({ extensions: { nativenotes } })).toEqual([]);
    }
  });

  it('cannot come from outside', () => {
    const event = eventOf('ibm', { ...WRAPPED, nativenotes: '[{"field":"a","problem":"b"}]', timeofarrival: 'true' });
    expect(notesOf(event)).toEqual([]);
    expect(event.extensions).not.toHaveProperty('timeofarrival');
  });

  it.each([
    ['seconds', 1793620800],
    ['milliseconds', 1793620800000],
    ['a fraction', 1793620800.5],
    ['text', '1793620800'],
  ])('is that IBM said its time in %s', (_, timestamp) => {
    const event = eventOf('ibm', { event_id: 'evt-1', event_type: 'instance:create', timestamp, resource: {} });
    expect(event.id).toBe('evt-1');
    expect(event.time).toMatch(/^2026-11-02T12:00:00/);
    expect(notesOf(event)).toMatchObject([{ field: 'timestamp' }]);
  });

  it.each(['Resource_group:create', 'resource_group:create', 'resource-controller.Resource_group.create'])(
    'is nothing where IBM writes %s: one type has all spellings',
    (event_type) => {
      const type = 'com.ibm.cloud.resource-lifecycle-events.resource_group:create';
      expect(eventOf('ibm', { event_type, timestamp: WRAPPED.time }).type).toBe(type);
      const wrapped = { ...WRAPPED, type: `com.ibm.cloud.resource-lifecycle-events.${event_type}` };
      expect(eventOf('ibm', wrapped).type).toBe(type);
      expect(formatOf('ibm').write(eventOf('ibm', wrapped))).toMatchObject({ type: wrapped.type });
    },
  );

  it('leaves the id of an event without a time the same, whenever it comes', () => {
    const zero = { ...LXD, timestamp: '0001-01-01T00:00:00Z' };
    const ids = [1n, 2n].map((arrival) => {
      const reading = readNativeEvent(formatOf('lxd'), zero, 'main', arrival);
      return 'event' in reading ? reading.event.id : undefined;
    });
    expect(ids[0]).toBe(ids[1]);
  });
});
