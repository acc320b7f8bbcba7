import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryGateway, TOKEN } from './memory-gateway.js';

let gateway: MemoryGateway;
beforeAll(async () => {
  gateway = await MemoryGateway.start();
});
afterAll(() => gateway.stop());

describe('what a sender is told of its mistake', () => {
  const post = (event: object) =>
    gateway.post('/v1/events', {
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(event),
    });
  const event = {
    specversion: '1.0',
    id: 'told',
    source: '/cds/main',
    type: 'com.ovh.cds.ProjectCreated',
    data: { project_key: 'DEMO' },
  };

  it.each<[string, object, string, string]>([
    ['data that is JSON in a text', { data: '{"project_key":"DEMO"}' }, 'data', 'is JSON inside a text'],
    ['base64url', { data: undefined, data_base64: 'eyJwcm9qZWN0X2tleSI6IkQ_Pz4ifQ' }, 'data_base64', 'RFC 4648'],
    ['a number beyond 32 bits', { sequence: 1793620800123456 }, 'sequence', 'as a text'],
    ['an object for an attribute', { extensions: { a: 1 } }, 'extensions', 'as a text'],
    ['a name with a capital', { traceParent: 'x' }, 'traceParent', 'lower-case'],
    ['an empty subject', { subject: '' }, 'subject', 'must not be empty'],
    ['an empty datacontenttype', { datacontenttype: '' }, 'datacontenttype', 'must not be empty'],
    ['a source of another system', { source: '/waldur/main' }, 'source', 'speaks for the system waldur'],
  ])('names %s', async (_, members, field, problem) => {
    const answer = await post({ ...event, ...members });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body.errors).toContainEqual({ field, problem: expect.stringContaining(problem) as string });
  });

  it('names the media type of data that is not taken', async () => {
    const answer = await post({ ...event, datacontenttype: 'text/plain' });
    expect(answer).toMatchObject({ status: 415, body: { detail: 'Unsupported media type "text/plain" in request.' } });
  });
});

describe('CloudEvents one a line', () => {
  it.each(['application/x-ndjson', 'application/jsonl'])('are taken as %s, a bad one alone', async (type) => {
    const line = (id: string) =>
      JSON.stringify({
        specversion: '1.0',
        id,
        source: '/cds/main',
        type: 'com.ovh.cds.ProjectCreated',
        time: '2026-11-02T12:00:00Z',
        data: { project_key: 'DEMO' },
      });
    const answer = await gateway.post('/v1/events', {
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': type },
      body: `${line('l1')}\nnope\n${line('l2')}\n`,
    });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 2, rejected: 1 } });
    expect(answer.body.events?.[1]).toMatchObject({ position: 1, code: 'malformed_json' });
  });
});

describe('a header that comes twice', () => {
  const HEADERS = [
    ['content-type', 'application/json'],
    ['ce-specversion', '1.0'],
    ['ce-id', 'a1'],
    ['ce-source', '/cds/main'],
    ['ce-type', 'com.ovh.cds.ProjectCreated'],
  ];

  async function send(more: readonly string[]): Promise<string> {
    const { hostname, port } = new URL(await gateway.listen());
    const lines = [...HEADERS.map((pair) => pair.join(': ')), `authorization: Bearer ${TOKEN}`, ...more];
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname);
      socket.on('data', (chunk) => (text += chunk.toString())).on('error', reject);
      socket.on('close', () => resolve(text));
      const head = ['POST /v1/events HTTP/1.1', 'host: x', 'connection: close', 'content-length: 22', ...lines];
      socket.write(`${head.join('\r\n')}\r\n\r\n{"project_key":"DEMO"}`);
    });
  }

  it('is refused by its name, also where it says the same', async () => {
    const answer = await send(['ce-id: b2', 'CE-Trace: x', 'ce-trace: y', 'Content-Type: text/plain']);
    expect(answer).toMatch(/^HTTP\/1.1 422/);
    for (const name of ['id', 'trace', 'Content-Type'])
      expect(answer).toContain(`{"field":"${name}","problem":"comes in`);
  });

  it('is one too many where it says what Content-Type says', async () => {
    const answer = await gateway.post('/v1/events', {
      headers: {
        ...Object.fromEntries(HEADERS as [string, string][]),
        authorization: `Bearer ${TOKEN}`,
        'ce-datacontenttype': 'text/plain',
      },
      body: '{"project_key":"DEMO"}',
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.[0]).toMatchObject({ field: 'datacontenttype' });
  });
});

describe('a sender that asks whether it may deliver', () => {
  it.each(['/v1/events', '/v1/ingest/cds'])('at %s is told that it may', async (url) => {
    const headers = { 'webhook-request-origin': 'eventemitter.example.com', 'webhook-request-rate': '120' };
    const answer = await gateway.app.inject({ method: 'OPTIONS', url, headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'webhook-allowed-origin': 'eventemitter.example.com',
      'webhook-allowed-rate': '*',
      allow: 'OPTIONS, POST',
    });
    expect((await gateway.app.inject({ method: 'OPTIONS', url })).headers).not.toHaveProperty('webhook-allowed-origin');
  });
});

describe('an event that a delivery of ours brings in again', () => {
  const LXD = {
    type: 'lifecycle',
    timestamp: '2026-11-02T12:00:00Z',
    metadata: { action: 'instance-started', source: '/1.0/instances/loop' },
  };
  const CLOUD_EVENT = {
    specversion: '1.0',
    id: 'loop',
    source: '/cds/main',
    type: 'com.ovh.cds.ProjectCreated',
    data: { project_key: 'DEMO' },
  };

  it.each([
    ['/v1/events', CLOUD_EVENT],
    ['/v1/ingest/lxd', LXD],
  ])('at %s keeps how often it came, up to the limit', async (url, event) => {
    const post = (hops: string) =>
      gateway.post(url, {
        headers: { 'content-type': 'application/json', 'tidings-hops': hops },
        body: JSON.stringify(event),
      });
    expect((await post('5')).status).toBe(202);
    const hops = gateway
      .written()
      .flatMap(({ decoded }) => (decoded.kind === 'event' ? [decoded.event.extensions] : []));
    expect(hops).toContainEqual(expect.objectContaining({ tidingshops: '5' }));
    const answer = await post('6');
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'tidings-hops' }] } });
    expect((await post('nonsense')).status).toBe(202);
  });
});
