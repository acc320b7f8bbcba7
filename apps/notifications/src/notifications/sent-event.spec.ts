import { EVENT_LIMITS } from '@tidings/catalogue';
import { isDomainError } from '@tidings/runtime';
import { decodeRecord, encodeEvent } from '@tidings/transport';
import { describe, expect, it } from 'vitest';
import { senderView } from '../matching/api-event-id.js';
import { readSentEvent, type SentEvent } from './sent-event.js';

const REQUIRED = {
  specversion: '1.0',
  id: 'e1',
  source: 'com.acme/offers',
  type: 'com.acme.offer:new',
  ibmensourceid: 'a:api',
};
const JSON_TYPE = { 'content-type': 'application/json' };

function sent(members: object): SentEvent {
  return readSentEvent(JSON_TYPE, Buffer.from(JSON.stringify({ ...REQUIRED, ...members })));
}

function refusal(
  members: object | string,
  headers: Record<string, string> = JSON_TYPE,
): Readonly<Record<string, unknown>> {
  const body = typeof members === 'string' ? members : JSON.stringify({ ...REQUIRED, ...members });
  try {
    readSentEvent(headers, Buffer.from(body));
  } catch (error) {
    if (isDomainError(error)) return error.details.fields ?? { code: [error.code] };
    throw error;
  }
  return {};
}

describe('members that CloudEvents does not take as attributes', () => {
  it.each([
    ['capitals', { instanceId: 'i', ibmenPushTo: 'x' }],
    ['dashes and dots', { 'notification-type': 'maintenance', 'toolchain.tool-instance': { id: 1 } }],
    [
      'arrays and objects',
      { attachments: [{ filename: 'a.txt', content: 'aGk=' }], personalization: { 'a@b.c': { n: 1 } } },
    ],
    [
      'push bodies as objects',
      { ibmenapnsbody: { aps: { alert: 'x' } }, ibmenapnsheaders: { 'apns-collapse-id': '1' } },
    ],
    ['fractions and large numbers', { ibmenscore: 0.5, count: 5_000_000_000 }],
    ['texts of several lines', { ibmenhtmlbody: '<p>\n\thi\u0085</p>', ibmenmarkdown: '**a**\n\n- b\ud800' }],
    ['names longer than an attribute’s', { ['n'.repeat(EVENT_LIMITS.extensionName.value + 1)]: 'x' }],
    ['a name of our own', { ibmenmembers: { a: 1 } }],
  ])('%s are kept beside them', (_, members) => {
    const { attributes } = sent({ ...members, ibmenseverity: 'LOW' });
    const decoded = decodeRecord(recordOf(attributes));
    if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
    const view = senderView(decoded.event, 'plain');
    expect(view.members).toEqual(members);
    expect(view.attributes.extensions).toMatchObject({ ibmenseverity: 'LOW', ibmensourceid: 'a:api' });
  });

  it('are no attributes where they are null, and no digit of them is lost', () => {
    expect(sent({ attachments: null }).attributes.extensions).not.toHaveProperty('ibmenmembers');
    const text = JSON.stringify(REQUIRED).replace(/}$/, ',"exactNumber":12345678901234567890}');
    const { attributes } = readSentEvent(JSON_TYPE, Buffer.from(text));
    expect(attributes.extensions?.['ibmenmembers']).toBe('{"exactNumber":12345678901234567890}');
  });

  it('come in headers, too', () => {
    const names = Object.entries(REQUIRED).map(([name, value]) => [`ce-${name}`, value] as const);
    const headers = { ...JSON_TYPE, ...Object.fromEntries(names), 'ce-notification-type': 'maintenance' };
    const { attributes, data } = readSentEvent(headers, Buffer.from('{"a":1.10}'));
    expect(senderView(attributes, 'plain').members).toEqual({ 'notification-type': 'maintenance' });
    expect(data).toBe('{"a":1.10}');
  });

  it('may be as large as attributes may be together, and the largest is named beyond', () => {
    const { value } = EVENT_LIMITS.extensionBytes;
    expect(refusal({ attachments: ['x'.repeat(value - 500)] })).toEqual({});
    expect(refusal({ aB: 'small', attachments: ['x'.repeat(value)] })).toEqual({
      attachments: [expect.stringContaining(`larger than ${value} bytes`)],
    });
  });
});

describe('the rules of attributes', () => {
  it.each([
    [{ id: undefined }, 'id'],
    [{ id: 'a\u0001' }, 'id'],
    [{ source: 'a b' }, 'source'],
    [{ source: ['a'] }, 'source'],
    [{ specversion: '0.3' }, 'specversion'],
    [{ time: '06/06/2022, 14:23:01' }, 'time'],
    [{ time: '2023-12-08 18:23:11.02356592 +0000 UTC m=+8401.056818844' }, 'time'],
    [{ time: 1_793_620_800 }, 'time'],
    [{ datacontenttype: 'text/plain' }, 'datacontenttype'],
    [{ data_base64: 'bm8=' }, 'data_base64'],
    [{ data_base64: 'bnVsbA==', data: 1 }, 'data_base64'],
  ])('%j is refused by its name', (members, field) => {
    expect(Object.keys(refusal(members))).toEqual([field]);
  });

  it('a time that is none is told with an example', () => {
    expect(refusal({ time: 'noon' })).toEqual({ time: [expect.stringContaining('2026-11-02T08:01:53')] });
  });

  it('are limited in number', () => {
    const extensions = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, 'x']));
    const { value } = EVENT_LIMITS.extensions;
    // One is the id of the source.
    expect(refusal(extensions(value - 1))).toEqual({});
    expect(refusal(extensions(value))).toEqual({ body: [expect.stringContaining(`more than ${value}`)] });
  });

  it('data is nested as deep as that of any other event', () => {
    const { value } = EVENT_LIMITS.depth;
    const nested = (levels: number): string =>
      JSON.stringify(REQUIRED).replace(/}$/, `,"data":${'['.repeat(levels)}${']'.repeat(levels)}}`);
    expect(refusal(nested(value))).toEqual({});
    expect(refusal(nested(value + 1))).toEqual({ data: [expect.stringContaining(`${value} levels`)] });
  });
});

describe('the content', () => {
  it('is the same for the same event, without a time as well', () => {
    const again = sent({ data: { a: 1, b: 2 } });
    expect(sent({ data: { b: 2, a: 1 } }).content).toBe(again.content);
    const timed = { time: '2026-11-02T08:01:53Z' };
    expect(sent({ ...timed, instanceId: 'i' }).content).toBe(sent({ instanceId: 'i', ...timed }).content);
  });

  it.each([{ data: 2 }, { subject: 's' }, { ext: 'x' }, { instanceId: 'i' }, { time: '2026-11-02T08:01:53Z' }])(
    'is another one with %j',
    (members) => {
      expect(sent(members).content).not.toBe(sent({ data: 1 }).content);
    },
  );

  it('without data is what the sender says in its place', () => {
    expect(JSON.parse(sent({ ibmendefaultshort: 'short', ibmendefaultlong: 'long' }).data)).toEqual({
      message: 'short',
      long_description: 'long',
    });
    expect(sent({ data_base64: Buffer.from('{"a":1}').toString('base64') }).data).toBe('{"a":1}');
  });
});

/** As a broker hands it out. */
function recordOf(attributes: SentEvent['attributes']): Parameters<typeof decodeRecord>[0] {
  const { headers, value } = encodeEvent('t', attributes, 'null', 'native');
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))]);
  return {
    offset: '0',
    timestamp: '1',
    key: null,
    value: Buffer.from(String(value)),
    headers: Object.fromEntries(bytes) as Record<string, Buffer>,
  };
}
