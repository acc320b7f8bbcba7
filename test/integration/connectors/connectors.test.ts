import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { generate } from 'selfsigned';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { temporaryFolder } from '../../harness/embedded-servers.js';
import { until } from '../../harness/until.js';
import { ApiWorld } from '../api-world.js';
import { ConnectorsWorld, type Shown } from './connectors-world.js';
import { cdsEvent, cdsPeer, lxdEvent, lxdPeer, type StreamPeer } from './stream-peer.js';
import { WaldurPeer } from './waldur-peer.js';

const SECRET = 'x5JcVnR3bqW8kZ0mT7pYfD2h';
const TOKEN = 'a-token-of-the-peer';
const SIGNING = `whsec_${Buffer.from('a signing secret for tests').toString('base64')}`;

const folder = temporaryFolder();
const asked: string[] = [];
let socketPeer: StreamPeer;
let tlsPeer: StreamPeer;
let cds: StreamPeer;
let waldur: WaldurPeer;
let tidings: ApiWorld;
let world: ConnectorsWorld;

beforeAll(async () => {
  const names = [{ name: 'commonName', value: 'somewhere.else' }];
  const [server, client, stranger] = [await generate(names), await generate(names), await generate(names)];
  socketPeer = await lxdPeer(join(folder, 'lxd.socket')).start();
  const tls = { cert: server.cert, key: server.private, ca: client.cert, requestCert: true, rejectUnauthorized: true };
  tlsPeer = await lxdPeer(0, tls).start();
  cds = await cdsPeer(TOKEN, asked).start();
  waldur = await new WaldurPeer(TOKEN).start();
  tidings = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') }, 'api', {
    TIDINGS_LXD_TRUST_LOOPBACK: 'true',
  });
  const url = `https://127.0.0.1:${tlsPeer.port}`;
  const shown = { client_certificate: client.cert, client_key: client.private };
  const hook = (kind: string, more: object = {}) => ({ kind, name: kind, site: 'main', secret: SECRET, ...more });
  world = await ConnectorsWorld.start(
    [
      { kind: 'lxd', name: 'rack1', socket: join(folder, 'lxd.socket') },
      { kind: 'lxd', name: 'rack2', url, ...shown, server_certificate: server.cert },
      { kind: 'lxd', name: 'impostor', url, ...shown, server_certificate: stranger.cert },
      { kind: 'lxd', name: 'tidings', url: tidings.url },
      {
        kind: 'waldur-poller',
        name: 'portal',
        url: waldur.url,
        token: '${PORTAL_TOKEN}',
        interval_seconds: 1,
        page_size: 4,
        since: new Date(Date.now() - 300_000).toISOString(),
      },
      {
        kind: 'waldur-poller',
        name: 'other',
        url: tidings.url,
        token: 'a-token-for-tests-that-is-long-enough',
        interval_seconds: 1,
        since: '2026-01-01T00:00:00Z',
        features: ['customers'],
      },
      {
        kind: 'cds-stream',
        name: 'cds',
        url: `http://127.0.0.1:${cds.port}`,
        token: TOKEN,
        filters: [{ type: 'global' }],
      },
      hook('waldur-hook', { site: 'portal' }),
      hook('cds-hook', { site: 'cds', header: { name: 'X-From', value: 'cds.example' } }),
      hook('ibm-hook', { signing_secret: SIGNING }),
    ],
    { PORTAL_TOKEN: TOKEN },
  );
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await tidings?.close();
  await Promise.all([socketPeer?.kill(), tlsPeer?.kill(), cds?.kill(), waldur?.kill()]);
  rmSync(folder, { recursive: true, force: true });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${world.app.url}/api/connectors/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe.each([
  ['over a unix socket', 'rack1', () => socketPeer],
  ['over TLS with a client certificate', 'rack2', () => tlsPeer],
])('an LXD server %s', (_how, name, peer) => {
  it('is followed through its kill and restart: what is missing is told, what comes twice is kept once', async () => {
    await world.becomes(name, 'running');
    const twice = lxdEvent(`${name}-first`);
    peer().send(twice, lxdEvent(`${name}-second`), '{"no":"event"}', 'no json');
    await world.stored(`${name}-second`, 1);
    await peer().kill();
    await world.becomes(name, 'failing');
    await peer().start();
    await until(() => peer().listeners === 1);
    peer().send(twice, lxdEvent(`${name}-third`));

    const [third] = await world.stored(`${name}-third`, 1);
    expect(third).toMatchObject({ context: { project: 'default', metadata: { action: 'instance-created' } } });
    expect(await world.stored(`${name}-first`, 1)).toHaveLength(1);
    const gaps = await world.gaps(name, 1);
    expect(gaps).toEqual([
      expect.objectContaining({ connector: name, event_source: `/lxd/${name}`, reason: 'connection_lost' }),
    ]);
    const [{ from, to } = {}] = gaps;
    expect(Date.parse(String(from))).toBeLessThan(Date.parse(String(to)));
    // What was no event is among them: it is kept as a dead letter.
    const shown = await until(async () => {
      const now = await world.connector(name);
      return now.events === 6 ? now : undefined;
    });
    expect(shown).toMatchObject({ state: 'running', gaps: 1, rejected: 0, source: `/lxd/${name}` });
    expect(peer().requests.at(-1)).toBe('/1.0/events?all-projects=true');
  });
});

it('an LXD server with another certificate than the one that is pinned is not listened to', async () => {
  // The same server has been away in the test before; then, too, it fails, and for another reason.
  const { state, events } = await until(async () => {
    const shown = await world.connector('impostor');
    return shown.last_error?.includes('certificate') === true ? shown : undefined;
  });
  expect({ state, events }).toEqual({ state: 'failing', events: 0 });
});

it('a Tidings is followed as an LXD server and polled as a Waldur', async () => {
  await world.becomes('tidings', 'running');
  await tidings.storeNative('lxd', [lxdEvent('from-afar')], 'rack9');
  await tidings.storeNative('waldur', [
    {
      created: '2026-06-01T10:00:00.000001Z',
      event_type: 'customer_creation_succeeded',
      message: 'Far away.',
      context: {},
    },
  ]);
  await world.stored('from-afar', 1);
  await world.stored('Far away.', 1);
  expect((await world.becomes('other', 'running')).lag_seconds).toBe(0);
});

describe('a Waldur that is polled', () => {
  it('loses nothing through its kill and restart, is left alone when it asks for that, and its hook adds nothing', async () => {
    await world.becomes('portal', 'running');
    const first = Array.from({ length: 9 }, (_, index) => waldur.add(`Polled ${index}.`));
    await world.stored('Polled', 9);
    await waldur.kill();
    await world.becomes('portal', 'failing');
    waldur.add('Polled while away.');
    // One that was stored late, behind others.
    waldur.add('Polled late.', new Date(Date.now() - 20_000).toISOString());
    waldur.refusals = 1;
    await waldur.start();
    await world.stored('Polled', 11);
    const { uuid: _, ...sameByHook } = first[3] ?? {};
    expect((await post(`waldur-hook/hook/${SECRET}`, sameByHook)).status).toBe(202);
    waldur.add('Polled last.');
    await world.stored('Polled last', 1);

    expect(await world.stored('Polled', 12)).toHaveLength(12);
    const { failures } = await until(async () => {
      const shown = await world.connector('portal');
      return shown.events === 12 ? shown : undefined;
    });
    expect(failures).toBeGreaterThanOrEqual(2);
    const froms = waldur.asked.map(({ searchParams }) => Number(searchParams.get('created_from')));
    expect(froms.every((from) => Number.isInteger(from) && from > Date.now() / 1_000 - 600)).toBe(true);
    expect(waldur.asked.some(({ searchParams }) => searchParams.get('page') === '3')).toBe(true);
  });
});

it('a CDS is told what is wanted, and followed through its kill and restart', async () => {
  await world.becomes('cds', 'running');
  expect(JSON.parse(asked[0] ?? '')).toEqual([{ type: 'global' }]);
  const [first, second] = [cdsEvent('cds-1'), cdsEvent('cds-2')];
  cds.send({ status: 'OK', error: '', event: first }, { status: 'OK', error: '', event: null });
  await until(async () => (await world.connector('cds')).events === 1);
  await cds.kill();
  await world.becomes('cds', 'failing');
  await cds.start();
  await until(() => asked.length === 2);
  cds.send({ status: 'OK', error: '', event: first }, { status: 'OK', error: '', event: second });
  await until(async () => (await world.connector('cds')).events === 3);
  expect(await world.gaps('cds', 1)).toHaveLength(1);
  const query = '/api/events/?event_type=com.ovh.cds.ProjectCreated';
  expect(
    await until(async () => {
      const found = await world.json<object[]>(query);
      return found.length >= 2 ? found : undefined;
    }),
  ).toHaveLength(2);
  expect((await post(`cds-hook/hook/${SECRET}`, second, { 'x-from': 'cds.example' })).status).toBe(202);
  expect((await post(`cds-hook/hook/${SECRET}`, second, { 'x-from': 'elsewhere' })).status).toBe(403);

  cds.send({ status: 'KO', error: 'no such project', event: null });
  await until(async () => (await world.connector('cds')).last_error === 'CDS says: no such project');
});

describe('a hook', () => {
  it('answers a wrong secret, a wrong name and a connector that is none alike', async () => {
    for (const path of ['waldur-hook/hook/wrong', `nobody/hook/${SECRET}`, `rack1/hook/${SECRET}`]) {
      const answer = await post(path, {});
      expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
    }
  });

  it('validates the webhook of a sender that asks, and answers 404 where there is no such hook', async () => {
    const ask = (path: string): Promise<Response> =>
      fetch(`${world.app.url}/api/connectors/${path}`, {
        method: 'OPTIONS',
        headers: { 'webhook-request-origin': 'eventemitter.example.com' },
      });
    const answer = await ask(`cds-hook/hook/${SECRET}`);
    expect([answer.status, answer.headers.get('webhook-allowed-origin')]).toEqual([200, 'eventemitter.example.com']);
    expect((await ask('cds-hook/hook/wrong')).status).toBe(404);
  });

  it('of IBM takes what is signed, and nothing else', async () => {
    const body = JSON.stringify({
      event_id: 'ibm-1',
      event_type: 'resource-controller.instance.create',
      timestamp: '2026-11-02T08:01:53.204Z',
      event_properties: { crn: 'crn:v1:bluemix:public:x' },
    });
    const now = new Date();
    const signature = new Webhook(SIGNING).sign('msg_1', now, body);
    const signed = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': signature,
    };
    expect((await post(`ibm-hook/hook/${SECRET}`, body)).status).toBe(403);
    expect((await post(`ibm-hook/hook/${SECRET}`, body.replace('ibm-1', 'ibm-2'), signed)).status).toBe(403);
    expect((await post(`ibm-hook/hook/${SECRET}`, body, signed)).status).toBe(202);
    await until(async () => (await world.connector('ibm-hook')).events === 1);
  });

  it('that is paused turns away, and what it may have missed is told when it goes on', async () => {
    const paused = await world.json<Shown>('/api/connectors/waldur-hook/pause/', 'POST');
    expect(paused).toMatchObject({ state: 'paused', paused_by: 'admin' });
    const answer = await post(`waldur-hook/hook/${SECRET}`, {});
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('60');
    expect(await answer.json()).toMatchObject({ code: 'connector_paused' });
    expect((await post('waldur-hook/hook/wrong', {})).status).toBe(404);

    await world.json('/api/connectors/waldur-hook/resume/', 'POST');
    expect(await world.gaps('waldur-hook', 1)).toMatchObject([{ reason: 'paused', event_source: '/waldur/portal' }]);
    expect((await world.becomes('waldur-hook', 'running')).paused_by).toBeNull();
  });
});

it('a stream that is paused ends, and its gap is told when it goes on', async () => {
  const before = (await world.connector('rack1')).gaps;
  await world.json('/api/connectors/rack1/pause/', 'POST');
  await world.json('/api/connectors/rack1/pause/', 'POST');
  expect(await world.becomes('rack1', 'paused')).toMatchObject({ paused_by: 'admin' });
  await until(() => socketPeer.listeners === 0);
  await world.json('/api/connectors/rack1/resume/', 'POST');
  await until(() => socketPeer.listeners === 1);
  const gaps = await world.gaps('rack1', before + 1);
  expect(gaps.at(-1)).toMatchObject({ reason: 'paused' });
  const audit = await world.json<{ action: string; subject: string; after: object }[]>(
    '/api/audit/?subject=connector:rack1',
  );
  expect(audit.map(({ action }) => action)).toEqual(['connector.resume', 'connector.pause']);
});

it('connectors are listed for administrators, in the order of the file and without a secret', async () => {
  const answer = await world.request('/api/connectors/');
  const text = await answer.text();
  const shown = JSON.parse(text) as Shown[];
  expect(answer.headers.get('x-result-count')).toBe('10');
  expect(shown.map(({ name }) => name).slice(0, 3)).toEqual(['rack1', 'rack2', 'impostor']);
  for (const secret of [SECRET, TOKEN, SIGNING, 'PRIVATE KEY', 'cds.example']) expect(text).not.toContain(secret);
  expect((await fetch(`${world.app.url}/api/connectors/`)).status).toBe(401);
  expect((await world.request('/api/connectors/nobody/')).status).toBe(404);
  expect((await world.request('/api/connectors/nobody/pause/', { method: 'POST' })).status).toBe(404);
  for (const secret of [SECRET, TOKEN, SIGNING]) expect(world.app.output).not.toContain(secret);
  const metrics = await (await world.request('/metrics')).text();
  expect(metrics.split('\n')).toContain('tidings_connector_events_total{connector="portal"} 12');
  expect(metrics.split('\n')).toContain('tidings_connector_state{connector="rack1",state="running"} 1');
});
