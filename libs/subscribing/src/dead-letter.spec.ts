import type { IncomingRecord } from '@tidings/transport';
import { expect, it } from 'vitest';
import { deadLetterRecord, marksOfDeadLetter, type DeadLetterMarks } from './dead-letter.js';

const MARKS: DeadLetterMarks = {
  reason: 'Error: failed',
  handler: 'Billing.created',
  kafkaTopic: 'lifecycle.waldur.customers',
  partition: 1,
  offset: '7',
  attempts: 5,
  time: '2026-11-02T08:01:53Z',
};

/** As Kafka's client hands them out, whatever another producer wrote. */
function incoming(headers: Readonly<Record<string, unknown>>): IncomingRecord {
  return { offset: '7', key: null, value: null, timestamp: '0', headers: headers as IncomingRecord['headers'] };
}

it.each<[string, unknown, unknown]>([
  ['text', 'a', 'a'],
  ['bytes', Buffer.from('a'), Buffer.from('a')],
  ['an empty value', '', ''],
  ['several values', ['a', 'b'], ['a', 'b']],
  ['no value', null, undefined],
  ['several values, one of them missing', [null, 'b'], 'b'],
  ['several missing values', [null, null], undefined],
])('keeps a header with %s as it can be sent', (_, given, kept) => {
  const { headers } = deadLetterRecord('dead-letter.billing', incoming({ 'x-trace': given, ce_id: 'a' }), MARKS);
  expect(headers['x-trace']).toEqual(kept);
  expect(headers['ce_id']).toBe('a');
  expect(marksOfDeadLetter(incoming(headers))).toEqual(MARKS);
});
