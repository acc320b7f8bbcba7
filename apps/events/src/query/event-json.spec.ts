import { eventUuid, identityKey } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { EVENT_FIELDS, eventJson, shownFieldsNamed, type ShownType } from './event-json.js';
import type { StoredEvent } from './event.repository.js';

const id = eventUuid(1_793_606_513_204_968n, identityKey('/waldur/main', '1'));
const waldur: ShownType = {
  system: 'waldur',
  type: 'com.waldur.customer_creation_succeeded',
  nativeType: 'customer_creation_succeeded',
  contextField: 'context',
};
const other: ShownType = {
  system: 'lxd',
  type: 'com.canonical.lxd.lifecycle.instance-created',
  nativeType: 'instance-created',
  contextField: undefined,
};

const source = { source: '/waldur/main', site: 'main' };

function stored(data: string, message = 'Customer "Tartu" has been created.'): StoredEvent {
  return {
    id,
    typeId: 1,
    sourceId: 1,
    eventId: '1',
    subject: null,
    outcome: 1,
    conforming: true,
    message,
    data,
    attributes: null,
  };
}

function contextOf(data: string, type: ShownType): string {
  return eventJson(stored(data), type, source, ['context']).replace(/^\{"context":(.*)\}$/s, '$1');
}

describe('an event as JSON', () => {
  it('has Waldur’s five fields', () => {
    const json = eventJson(stored('{"message":"m","context":{"customer_uuid":"x"}}'), waldur, source, EVENT_FIELDS);
    expect(json).toBe(
      `{"uuid":"${id}","created":"2026-11-02T08:01:53.204968Z","event_type":"customer_creation_succeeded",` +
        '"message":"Customer \\"Tartu\\" has been created.","context":{"customer_uuid":"x"}}',
    );
  });

  it('passes numbers on as they are written', () => {
    const exact = '{"huge": 12345678901234567890123, "tiny":1e-999, "money":0.10000000000000000001}';
    expect(contextOf(`{"context":${exact}}`, waldur)).toBe(exact);
    expect(contextOf(exact, other)).toBe(exact);
  });

  it('shows the whole payload of systems that have no context of their own', () => {
    expect(contextOf(' {"action":"instance-created","context":{}}\n', other)).toBe(
      '{"action":"instance-created","context":{}}',
    );
  });

  it.each([
    ['{"message":"m"}', waldur, '{}'],
    ['{"context":null}', waldur, '{}'],
    ['{"context":[1]}', waldur, '{"context":[1]}'],
    ['{"context":"text"}', waldur, '{"context":"text"}'],
    ['[1]', waldur, '{}'],
    ['null', other, '{}'],
    ['[1,2]', other, '{"data":[1,2]}'],
    ['7', other, '{"data":7}'],
  ])('makes the context of %s an object', (data, type, context) => {
    expect(contextOf(data, type)).toBe(context);
  });

  it('is valid whatever its message holds', () => {
    const message = 'a "quote", a \\ and\na line, \u2028 and half a pair \ud800';
    expect(JSON.parse(eventJson(stored('{}', message), other, source, ['message']))).toEqual({ message });
  });
});

describe('sparse fields', () => {
  it('may be more than Waldur has', () => {
    const fields = shownFieldsNamed(['conforming', 'system', 'type', 'source', 'site', 'id', 'subject', 'outcome']);
    expect(JSON.parse(eventJson(stored('{}'), waldur, source, fields))).toEqual({
      system: 'waldur',
      type: 'com.waldur.customer_creation_succeeded',
      source: '/waldur/main',
      site: 'main',
      id: '1',
      subject: null,
      outcome: 'failed',
      conforming: true,
    });
  });

  it('may be the whole event, as it came', () => {
    const attributes = '{"time":"2026-11-02T08:01:53.204968123Z","traceparent":"00-1"}';
    const text = eventJson({ ...stored('{"n":1.10}'), attributes }, waldur, source, ['cloudevent']);
    expect(text).toContain('"data":{"n":1.10}');
    expect(JSON.parse(text)).toEqual({
      cloudevent: {
        specversion: '1.0',
        id: '1',
        source: '/waldur/main',
        type: 'com.waldur.customer_creation_succeeded',
        time: '2026-11-02T08:01:53.204968123Z',
        datacontenttype: 'application/json',
        traceparent: '00-1',
        data: { n: 1.1 },
      },
    });
  });

  it('keep their order, whatever the order asked in', () => {
    expect(shownFieldsNamed(['context', 'uuid'])).toEqual(['uuid', 'context']);
  });

  it('pass over what nobody knows', () => {
    expect(shownFieldsNamed(['uuid', 'colour', '__proto__'])).toEqual(['uuid']);
  });

  it('are all of them when none is valid', () => {
    expect(shownFieldsNamed(['colour'])).toEqual(EVENT_FIELDS);
    expect(shownFieldsNamed(undefined)).toEqual(EVENT_FIELDS);
  });
});
