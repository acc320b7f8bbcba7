import { describe, expect, it } from 'vitest';
import { parseJson, type JsonObject } from '../../json.js';
import { notesOf } from '../../native-notes.js';
import { readNativeEvent } from '../../native-reading.js';
import { waldur } from './system.js';

const UUID = '47eaa0992cb6416d86dc283cf0480ff9';
const NATIVE = {
  created: '2026-11-02T08:01:53.204968Z',
  message: 'Customer Tartu has been created.',
  context: { customer_uuid: UUID, customer_name: 'Tartu' },
  event_type: 'customer_creation_succeeded',
};

function read(native: object) {
  const { native: format } = waldur;
  if (format === undefined) throw new TypeError('Waldur has a format of its own');
  const reading = readNativeEvent(format, native, 'main');
  if ('rejection' in reading) throw new TypeError(`${reading.rejection.field} ${reading.rejection.problem}`);
  return { ...reading.event, notes: notesOf(reading.event) };
}

describe('a Waldur event whose context was lost on the way', () => {
  it.each([
    [['customer_uuid', 'customer_name']],
    ['user_uuid'],
    [''],
    ["{'customer_uuid': 'x', 'customer_name': None}"],
    ['{},{}'],
    [[]],
    [7],
    [`${'{"a":'.repeat(512)}1${'}'.repeat(512)}`],
    [parseJson('12345678901234567890').exact],
  ])('is kept and marked, with what came instead: %j', (context) => {
    const event = read({ ...NATIVE, context });
    expect(event).toMatchObject({
      type: 'com.waldur.customer_creation_succeeded',
      time: NATIVE.created,
      data: { message: NATIVE.message, context: {}, context_as_sent: context },
    });
    expect(event.notes).toMatchObject([{ field: 'context' }]);
  });

  it('counts the last one where several came as text', () => {
    const context = ['{"customer_uuid":"old"}', JSON.stringify(NATIVE.context)];
    const event = read({ ...NATIVE, context });
    expect(event.data['context']).toEqual(NATIVE.context);
    expect(event.notes).toMatchObject([{ field: 'context', problem: 'came several times; the last counts' }]);
  });

  it('is another event for another lost context', () => {
    expect(read({ ...NATIVE, context: 'a' }).id).not.toBe(read({ ...NATIVE, context: 'b' }).id);
  });
});

describe('a Waldur event in the shape of older versions', () => {
  it.each([
    [{ timestamp: NATIVE.created, type: NATIVE.event_type, levelname: 'INFO', context: NATIVE.context }],
    [{ '@timestamp': NATIVE.created, event_type: NATIVE.event_type, levelname: 'INFO', ...NATIVE.context }],
    [{ timestamp: NATIVE.created, type: NATIVE.event_type, importance: 'normal', ...NATIVE.context }],
  ])('is read, and noted: %j', (older) => {
    const event = read({ ...older, message: NATIVE.message });
    const { notes, extensions: _, ...rest } = event;
    const { notes: none, ...current } = read(NATIVE);
    expect(none).toEqual([]);
    expect(rest).toEqual(current);
    expect(notes).toMatchObject([{ problem: expect.stringContaining('older Waldur') as unknown }]);
  });

  it('is not assumed where the event says all that newer ones do', () => {
    const event: JsonObject = { ...NATIVE, timestamp: '2020-01-01T00:00:00Z', type: 'other' };
    expect(read(event)).toMatchObject({
      time: NATIVE.created,
      type: 'com.waldur.customer_creation_succeeded',
      notes: [],
    });
  });
});

describe('a Waldur event whose time is not RFC 3339', () => {
  it('is the same as the one with the time that was meant', () => {
    const event = read({ ...NATIVE, created: '2026-11-02T08:01:53.204968' });
    expect(event.id).toBe(read(NATIVE).id);
    expect(event.notes).toEqual([{ field: 'created', problem: 'has no zone; UTC was assumed' }]);
  });
});
