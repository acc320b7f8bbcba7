import { catalogue, DELIVERY_LIMITS, EVENT_LIMITS } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { CloudEventReader } from './cloud-event-reader.js';

const SOURCE_ID = '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d:api';

function read(type: string, source: string, sources: readonly string[]) {
  const event = { specversion: '1.0', id: 'e1', source, type, ibmensourceid: SOURCE_ID };
  const reader = new CloudEventReader(catalogue, '', { trace: undefined, hops: 0, sources });
  return reader.readStructured(Buffer.from(JSON.stringify({ ...event, data: catalogue.type(type)?.example })));
}

const SENT = 'io.tidings.api.notification';
const LXD = 'com.canonical.lxd.lifecycle.instance-created';

it.each([
  ['the source among those of the token', SENT, '/api/main', ['/api/main', SOURCE_ID]],
  ['a token for every source', SENT, '/api/main', ['*']],
  ['an event of another system, which is not looked up by it', LXD, '/lxd/rack1', ['/lxd/rack1']],
])('an event that names a source of the notification API is taken with %s', (_, type, source, sources) => {
  expect(read(type, source, sources)).toMatchObject({ status: 'accepted' });
});

it('an event that names a source of the notification API is refused where the token is not for that source', () => {
  expect(read(SENT, '/api/main', ['/api/main'])).toMatchObject({
    status: 'rejected',
    code: 'source_not_allowed',
    problems: [{ field: 'ibmensourceid' }],
  });
});

describe('an event in the JSON format', () => {
  const reader = new CloudEventReader(catalogue, '', { trace: undefined, hops: 0, sources: ['*'] });
  const event = { specversion: '1.0', id: 'e1', source: '/api/main', type: SENT };

  it.each([
    ['as many deliveries as are allowed', DELIVERY_LIMITS.hops.value, { status: 'accepted' }],
    [
      'one delivery more',
      DELIVERY_LIMITS.hops.value + 1,
      { status: 'rejected', code: 'unprocessable_event', problems: [{ field: 'tidingshops' }] },
    ],
  ])('that says itself that it has been through %s', (_, tidingshops, outcome) => {
    const text = JSON.stringify({ ...event, tidingshops, data: catalogue.type(SENT)?.example });
    expect(reader.readStructured(Buffer.from(text))).toMatchObject(outcome);
  });

  it('may have data as deep as any other event', () => {
    const nested = (levels: number) =>
      JSON.stringify({ ...event, data: 0 }).replace(/0}$/, `${'['.repeat(levels)}${']'.repeat(levels)}}`);
    const { value: most } = EVENT_LIMITS.depth;
    const problemsOf = (levels: number) => {
      const reading = reader.readStructured(Buffer.from(nested(levels)));
      return 'problems' in reading ? JSON.stringify(reading.problems) : '';
    };
    expect(problemsOf(most)).not.toContain('levels deep');
    expect(problemsOf(most + 1)).toContain('levels deep');
  });
});
