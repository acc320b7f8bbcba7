import { expect, test } from 'vitest';
import { busId, senderView, sentEvent } from './api-event-id.js';
import { MEMBERS_EXTENSION, packedMembers } from './sent-members.js';

const SENT = { id: 'e/1', source: 'com.acme', type: 'x', time: '2026-11-02T08:01:53Z' };

test.each([
  ['with the digest of its content', busId('a:api', SENT.id, 'content')],
  ['by a release that had no digest', `a:api/${SENT.id}`],
])('an event that was sent through a source, %s, shows the id that it was sent with', (_, id) => {
  const extensions = { ibmensourceid: 'a:api' };
  const onTheBus = { ...SENT, id, extensions };
  expect(senderView(onTheBus, 'plain')).toEqual({ attributes: { ...SENT, extensions }, members: {} });
  const stored = { ...SENT, id, ibmensourceid: 'a:api', data: {} };
  expect(sentEvent(stored)).toEqual({ ...stored, id: SENT.id });
});

test('sources do not share ids, nor do contents', () => {
  const ids = [busId('a:api', 'e1', 'one'), busId('b:api', 'e1', 'one'), busId('a:api', 'e1', 'two')];
  expect(new Set(ids).size).toBe(3);
  expect(busId('a:api', 'e1', 'one')).toBe(ids[0]);
});

test('what was sent beside the attributes stands at the top again, and hides nothing', () => {
  const members = { instanceId: 'i', attachments: [{ filename: 'a' }], data: 'no', id: 'no', source: 'no' };
  const packed = packedMembers(members);
  const extensions = { ibmensourceid: 'a:api', [MEMBERS_EXTENSION]: packed };
  expect(senderView({ ...SENT, extensions }, 'plain')).toEqual({
    attributes: { ...SENT, extensions: { ibmensourceid: 'a:api' } },
    members: { instanceId: 'i', attachments: [{ filename: 'a' }] },
  });
  const stored = { ...SENT, ibmensourceid: 'a:api', data: { a: 1 } };
  expect(sentEvent({ ...stored, [MEMBERS_EXTENSION]: packed })).toEqual({
    ...stored,
    instanceId: 'i',
    attachments: [{ filename: 'a' }],
  });
});

test('any other event is left as it is', () => {
  expect(senderView(SENT, 'plain')).toEqual({ attributes: SENT, members: {} });
  const foreign = { ...SENT, extensions: { ibmensourceid: 'b:api', [MEMBERS_EXTENSION]: 'no JSON' } };
  expect(senderView(foreign, 'plain').attributes).toBe(foreign);
  expect(sentEvent(SENT)).toEqual(SENT);
  expect(sentEvent({ ...SENT, [MEMBERS_EXTENSION]: '[1]' })).toEqual({ ...SENT, [MEMBERS_EXTENSION]: '[1]' });
});
