import { expect, test } from 'vitest';
import { busId, sentAttributes, sentEvent } from './api-event-id.js';

const SENT = { id: 'e/1', source: 'com.acme', type: 'x', time: '2026-11-02T08:01:53Z' };

test('an event that was sent through a source shows the id that it was sent with', () => {
  const extensions = { ibmensourceid: 'a:api' };
  const onTheBus = { ...SENT, id: busId('a:api', SENT.id), extensions };
  expect(onTheBus.id).not.toBe(busId('b:api', SENT.id));
  expect(sentAttributes(onTheBus)).toEqual({ ...SENT, extensions });
  const stored = { ...SENT, id: onTheBus.id, ibmensourceid: 'a:api', data: {} };
  expect(sentEvent(stored)).toEqual({ ...stored, id: SENT.id });
});

test('any other event is left as it is', () => {
  expect(sentAttributes(SENT)).toBe(SENT);
  const foreign = { ...SENT, extensions: { ibmensourceid: 'b:api' } };
  expect(sentAttributes(foreign)).toBe(foreign);
  expect(sentEvent(SENT)).toBe(SENT);
});
