import { describe, expect, it } from 'vitest';
import type { Shipment } from '../destination-type.js';
import { eventRecord } from './event-record.js';

const EVENT = { specversion: '1.0', id: 'e1', source: 'com.acme', type: 'case.t', time: '2026-11-02T08:01:53Z' };

function record(members: object, body?: string) {
  const shipment: Shipment = {
    ...{ messageId: 'msg_1', attempt: 1, notificationId: 'n', kafkaKey: 'own', attributes: {} },
    eventText: JSON.stringify({ ...EVENT, ...members }),
    rendered: body === undefined ? undefined : { subject: undefined, body },
  };
  return eventRecord(shipment, 'orders');
}

describe('a record', () => {
  it('is the event, with what its sender wrote beside the attributes in one of them', () => {
    const made = record({ instanceId: 'i', attachments: [{ filename: 'a' }], data: { a: 1 } });
    expect(String(made?.value)).toBe('{"a":1}');
    expect(made).toMatchObject({
      key: 'own',
      headers: {
        ce_id: 'e1',
        ce_ibmenmembers: '{"attachments":[{"filename":"a"}],"instanceId":"i"}',
        'content-type': 'application/json',
        'webhook-id': 'msg_1',
      },
    });
  });

  it.each([
    ['key and value', '{"key":{"type":"text","data":"k"},"value":{"type":"text","data":"hi"}}', 'k', 'hi'],
    [
      'a value without a key',
      '{"value":{"type":"json","data":{"a":12345678901234567890}}}',
      'own',
      '{"a":12345678901234567890}',
    ],
    ['an empty key', '{"key":{},"value":{"text":"short"}}', 'own', '{"text":"short"}'],
    [
      'a text of several lines',
      '{"value":{"type":"text","data":"{ \n \\"name\\": \\"n\\"}"}}',
      'own',
      '{   "name": "n"}',
    ],
    ['any JSON', '{"name": "n"}', 'own', '{"name":"n"}'],
  ])('is what a template makes: %s', (_, body, key, value) => {
    const made = record({ data: {} }, body);
    expect(made?.key).toBe(key);
    expect(String(made?.value)).toBe(value);
  });

  it('says what its value is, and is none where a template gives no JSON', () => {
    expect(record({ data: {} }, '{"value":"plain"}')?.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(record({ data: {} }, 'no JSON')).toBeUndefined();
  });
});
