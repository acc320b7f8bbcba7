import { expect, it } from 'vitest';
import type { Shipment } from '../destination-type.js';
import { type Mail, mailOf } from './mail.js';

const EVENT = {
  ...{ specversion: '1.0', id: '1', source: 'com.acme', type: 'case.t', time: '2026-11-02T08:01:53Z' },
  ...{ ibmensourceid: 'a:api', data: { level: 'HIGH' } },
};

function mail(members: object, more: Partial<Shipment> = {}): Mail {
  const shipment: Shipment = {
    ...{ messageId: 'msg_1', attempt: 1, notificationId: 'n', kafkaKey: null, rendered: undefined },
    eventText: JSON.stringify({ ...EVENT, ...members }),
    attributes: { subscribed: ['ann@example.com'] },
    ...more,
  };
  const made = mailOf(shipment, 'notify.example.com');
  if (made === undefined) throw new Error('nobody is to get it');
  return made;
}

const SAID = { ibmendefaultshort: 'Short & sweet', ibmendefaultlong: 'First line\nsecond <line>' };

it('says what the sender said: the short text as its subject, both in its body', () => {
  const { subject, text, html } = mail(SAID);
  expect(subject).toBe('Short & sweet');
  expect(text).toContain('Short & sweet\n\nFirst line\nsecond <line>\n');
  expect(html).toContain('<p>Short &amp; sweet</p><p>First line<br>second &lt;line&gt;</p>');
});

it('has the sender’s own subject and HTML, or what Markdown becomes as HTML', () => {
  const own = { ...SAID, ibmensubject: 'My subject\n', ibmenmarkdown: '**hi** <b>\n- one' };
  const written = mail(own);
  expect(written.subject).toBe('My subject');
  expect(written.html).toContain('<strong>hi</strong> &lt;b&gt;');
  expect(written.html).toContain('<li>one</li>');
  expect(written.text).toContain('**hi** <b>\n- one');
  const { html, text } = mail({ ...own, ibmenhtmlbody: '<b>hello</b>' });
  expect(html.startsWith('<b>hello</b>')).toBe(true);
  expect(html).not.toContain('<strong>');
  expect(text).toContain('hello');
});

it('shows the event unless the subscription says no, and a template stands for all of it', () => {
  expect(mail({ ibmenhtmlbody: '<b>hello</b>' }).html).toContain('HIGH');
  const attributes = { subscribed: ['ann@example.com'], add_notification_payload: false };
  expect(mail({ ibmenhtmlbody: '<b>hello</b>' }, { attributes }).html).toBe('<b>hello</b>');
  const rendered = { subject: undefined, body: '<p>rendered</p>' };
  expect(mail({ ...SAID, ibmenhtmlbody: '<b>hello</b>' }, { rendered }).html).toBe('<p>rendered</p>');
});

it.each([
  [{ data: { message: 'From the data' } }, 'From the data'],
  [{ data: { title: 'A title' } }, 'A title'],
  [{ ibmendefaultshort: ' ', data: {} }, 'A notification was sent.'],
])('has a sentence as its subject for %j', (members, subject) => {
  expect(mail(members).subject).toBe(subject);
});

it.each([
  ['<b>'.repeat(20_000), ''],
  ['', '> '.repeat(30_000)],
  ['', '*a_'.repeat(20_000)],
])('is made of hostile HTML and Markdown as well', (ibmenhtmlbody, ibmenmarkdown) => {
  expect(mail({ ibmenhtmlbody, ibmenmarkdown }).text).toContain('HIGH');
});
