import { request as openRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryGateway, TOKEN, type TestAnswerBody } from './memory-gateway.js';

const cdsLine = `${JSON.stringify({
  id: '5b2f6288-0d8e-4b5c-a734-37fdff1e736a',
  type: 'ProjectCreated',
  project_key: 'GENOME',
  payload: { key: 'GENOME' },
  username: 'bruno',
  timestamp: '2026-11-02T10:43:54.567742Z',
})}\n`;

const NDJSON = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-ndjson' };

let gateway: MemoryGateway;
let url: string;
beforeEach(async () => {
  gateway = await MemoryGateway.start({ TIDINGS_PUBLISH_DEADLINE_MS: '300' });
  url = await gateway.listen();
});
afterEach(() => gateway.stop());

const post = (path: string, headers: Record<string, string>, body?: string | Buffer) =>
  fetch(`${url}${path}`, { method: 'POST', headers, ...(body !== undefined && { body }) });

/** A request whose body the test writes bit by bit. */
function open(headers: Record<string, string> = NDJSON): { request: ClientRequest; answer: Promise<IncomingMessage> } {
  const request = openRequest(`${url}/v1/ingest/cds`, { method: 'POST', headers });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  return { request, answer };
}

async function bodyOf(message: IncomingMessage): Promise<TestAnswerBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as TestAnswerBody;
}

describe('who may publish', () => {
  it.each(['/v1/events', '/v1/ingest/cds', '/v1/ingest/nope'])(
    '%s asks for a token before anything else',
    async (path) => {
      const headers = { 'content-type': 'application/json' };
      expect((await post(path, headers, cdsLine)).status).toBe(401);
      expect((await post(path, { ...headers, authorization: 'Bearer wrong' }, cdsLine)).status).toBe(401);
      expect(gateway.written()).toEqual([]);
    },
  );

  it('takes the token in every form', async () => {
    for (const authorization of [`Bearer ${TOKEN}`, `Token ${TOKEN}`, `Bearer Token ${TOKEN}`]) {
      expect((await post('/v1/ingest/cds', { ...NDJSON, authorization }, cdsLine)).status).toBe(202);
    }
  });
});

describe('other methods', () => {
  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('%s is not allowed on the ways in', async (method) => {
    for (const path of ['/v1/events', '/v1/ingest/cds']) {
      const answer = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${TOKEN}` } });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toContain('POST');
    }
  });
});

describe('a body on the wire', () => {
  it('may come in chunks that cut through everything', async () => {
    const { request, answer } = open();
    for (const byte of cdsLine.repeat(3)) request.write(byte);
    request.end();
    const message = await answer;
    expect(message.statusCode).toBe(202);
    expect(await bodyOf(message)).toMatchObject({ accepted: 3 });
  });

  it('that comes slowly is published as it comes, and answered at its end', async () => {
    const { request, answer } = open();
    request.write(cdsLine);
    await vi.waitFor(() => expect(gateway.written()).toHaveLength(1), { timeout: 30_000 });
    request.write(cdsLine.slice(0, 20));
    request.write(cdsLine.slice(20));
    await vi.waitFor(() => expect(gateway.written()).toHaveLength(2), { timeout: 30_000 });
    request.end();
    expect(await bodyOf(await answer)).toMatchObject({ accepted: 2 });
  });

  it('whose sender goes away leaves nothing behind, and others are served', async () => {
    const { request, answer } = open();
    request.write(cdsLine + cdsLine.slice(0, 20));
    await vi.waitFor(() => expect(gateway.written()).toHaveLength(1), { timeout: 30_000 });
    request.destroy();
    await expect(answer).rejects.toThrow();
    expect((await post('/v1/ingest/cds', NDJSON, cdsLine)).status).toBe(202);
    expect(gateway.written()).toHaveLength(2);
  });

  it('that is cut off in the middle of gzip leaves nothing behind either', async () => {
    const { request, answer } = open({ ...NDJSON, 'content-encoding': 'gzip' });
    request.write(gzipSync(cdsLine.repeat(5_000)).subarray(0, 60));
    await new Promise((resolve) => request.once('drain', resolve).once('socket', resolve));
    request.destroy();
    await expect(answer).rejects.toThrow();
    expect((await post('/v1/ingest/cds', NDJSON, cdsLine)).status).toBe(202);
  });

  it('longer than memory would hold goes through', async () => {
    const { request, answer } = open();
    const block = cdsLine.repeat(1_000);
    for (let turn = 0; turn < 20; turn += 1) {
      if (!request.write(block)) await new Promise((resolve) => request.once('drain', resolve));
    }
    request.end();
    expect(await bodyOf(await answer)).toMatchObject({ accepted: 20_000, rejected: 0, exceptions: [] });
  });

  it('of one endless line is skipped, not kept', async () => {
    const { request, answer } = open();
    for (let turn = 0; turn < 64; turn += 1) {
      if (!request.write('x'.repeat(1024 * 1024))) await new Promise((resolve) => request.once('drain', resolve));
    }
    request.end(`\n${cdsLine}`);
    const body = await bodyOf(await answer);
    expect(body).toMatchObject({ accepted: 1, dead_lettered: 1 });
    expect(gateway.written().map(({ record }) => record.value?.length)).toContain(16_384);
  });

  it('of a few bytes of gzip that unpack to far too much is turned away', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, '\n'), { level: 9 });
    expect(bomb.length).toBeLessThan(1_000_000);
    const answer = await post('/v1/ingest/cds', { ...NDJSON, 'content-encoding': 'gzip' }, bomb);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'body_too_large', accepted: 0 });
  });

  it('that goes on after an error does not keep the answer back', async () => {
    const { request, answer } = open({ ...NDJSON, 'content-type': 'application/json' });
    request.write('[1 2');
    const message = await answer;
    expect(message.statusCode).toBe(202);
    expect(await bodyOf(message)).toMatchObject({ accepted: 0, dead_lettered: 2 });
    request.on('error', () => undefined);
    request.destroy();
  });

  it('that was announced and never sent is let go with its connection', async () => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(`POST /v1/ingest/cds HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`);
    socket.write('Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    expect((await post('/v1/ingest/cds', NDJSON, cdsLine)).status).toBe(202);
  });
});

describe('without Kafka', () => {
  it('every way in answers 503 within the deadline, and says when to try again', async () => {
    gateway.transport.setReachable(false);
    for (const body of [cdsLine, cdsLine.repeat(5_000)]) {
      const answer = await post('/v1/ingest/cds', NDJSON, body);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ code: 'broker_unavailable', accepted: 0, dead_lettered: 0 });
    }
    const event = { specversion: '1.0', id: '1', source: '/cds/main', type: 'com.ovh.cds.ProjectCreated' };
    const answer = await post(
      '/v1/events',
      { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/cloudevents+json' },
      JSON.stringify({ ...event, data: { project_key: 'GENOME', username: 'x' } }),
    );
    expect(answer.status).toBe(503);
    gateway.transport.setReachable(true);
    const isBack = async () => expect((await post('/v1/ingest/cds', NDJSON, cdsLine)).status).toBe(202);
    await vi.waitFor(isBack, { timeout: 30_000 });
  });

  it('a stream that was acknowledged in part is told so', async () => {
    const { request, answer } = open();
    request.write(cdsLine.repeat(3));
    await vi.waitFor(() => expect(gateway.written()).toHaveLength(3), { timeout: 30_000 });
    gateway.transport.setReachable(false);
    request.write(cdsLine);
    request.end();
    const message = await answer;
    expect(message.statusCode).toBe(503);
    expect(message.headers['retry-after']).toBeDefined();
    expect(await bodyOf(message)).toMatchObject({ code: 'partly_acknowledged', accepted: 3 });
  });

  it('what is not for Kafka is still told', async () => {
    gateway.transport.setReachable(false);
    expect((await post('/v1/events', { ...NDJSON, 'content-type': 'application/json' }, 'nope')).status).toBe(400);
    expect((await post('/v1/ingest/nope', NDJSON, cdsLine)).status).toBe(404);
  });
});

describe('what operators see', () => {
  it('is ready while Kafka answers', async () => {
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    gateway.transport.setReachable(false);
    const answer = await fetch(`${url}/health/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('Kafka does not answer');
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('counts events by system and result, and times requests', async () => {
    await post('/v1/ingest/cds', NDJSON, `${cdsLine}nope\n{"type":1}\n`);
    await post('/v1/ingest/lxd', NDJSON, 'nope\n');
    const metrics = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
    expect(metrics).toContain('tidings_gateway_events_total{system="cds",result="accepted"} 1');
    expect(metrics).toContain('tidings_gateway_events_total{system="cds",result="dead_letter"} 2');
    expect(metrics).toContain('tidings_gateway_events_total{system="lxd",result="dead_letter"} 1');
    expect(metrics).toContain('tidings_gateway_request_seconds_count{route="ingest"} 2');
  });
});
