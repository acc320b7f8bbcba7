import { once } from 'node:events';
import { existsSync, linkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { EventsModule, startLxdApi } from '@tidings/events';
import { createHttpApplication, EnvironmentModule, listen, parseEnvironment, StartError } from '@tidings/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { temporaryFolder } from '../../harness/embedded-servers.js';
import { type FreshDatabase, freshDatabase } from '../../harness/fresh-database.js';
import { freshPrefix, TEST_PARTITIONS } from '../../harness/fresh-names.js';

const TOKEN = 'a-token-for-tests-that-is-long-enough';
const TRUSTED = { authorization: `Bearer ${TOKEN}` };

type Headers = Readonly<Record<string, string>>;

let database: FreshDatabase;
let folder: string;
let socketPath: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await freshDatabase(inject('databaseUrl'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => database.drop());

async function start(more: Headers = {}, socket = 'unix.socket'): Promise<string> {
  folder = temporaryFolder();
  socketPath = join(folder, socket);
  return startIn(more);
}

async function startIn(more: Headers = {}): Promise<string> {
  const environment = parseEnvironment({
    TIDINGS_APP: 'events',
    TIDINGS_ROLES: 'api',
    TIDINGS_ADMIN_TOKEN: TOKEN,
    TIDINGS_PREFIX: freshPrefix(),
    TIDINGS_DATA_DIR: folder,
    TIDINGS_LXD_SOCKET: socketPath,
    KAFKA_BROKERS: inject('brokers'),
    KAFKA_PARTITIONS: TEST_PARTITIONS,
    DATABASE_URL: database.url,
    PORT: '0',
    ...more,
  });
  const app = await createHttpApplication(
    {
      module: class TestProcess {},
      imports: [EnvironmentModule.forRoot(environment), EventsModule.forRoot(environment)],
    },
    { log: () => undefined, warn: () => undefined, error: () => undefined },
  );
  const url = await listen(app, environment);
  // It closes the application itself where it fails.
  await startLxdApi(app, environment);
  closing.unshift(() => app.close());
  return url;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** @param where a URL, or the path of a unix socket */
function get(where: string, path: string, headers: Headers = {}, method = 'GET'): Promise<Answer> {
  const target = where.startsWith('http')
    ? { hostname: new URL(where).hostname, port: new URL(where).port }
    : { socketPath: where };
  return new Promise((resolve, reject) => {
    httpRequest({ ...target, path, headers, method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

/** The status of the refusal, or 101. */
async function connect(address: string, headers: Headers = {}): Promise<{ status: number; socket: WebSocket }> {
  const socket = new WebSocket(address, { headers });
  const status = await new Promise<number>((resolve, reject) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', reject);
  });
  closing.unshift(async () => Promise.resolve(socket.terminate()));
  return { status, socket };
}

const webSocket = (url: string, query = ''): string => `${url.replace('http', 'ws')}/1.0/events${query}`;
const authOf = ({ text }: Answer): unknown =>
  (JSON.parse(text) as { metadata: Readonly<Record<string, unknown>> }).metadata['auth'];

describe('on the HTTP port', () => {
  it('says what it is to everybody, and whether it trusts the caller', async () => {
    const url = await start();
    expect(JSON.parse((await get(url, '/')).text)).toEqual({
      type: 'sync',
      status: 'Success',
      status_code: 200,
      metadata: ['/1.0'],
    });
    const stranger = await get(url, '/1.0');
    expect(authOf(stranger)).toBe('untrusted');
    // What the machine is called is no business of strangers.
    expect(JSON.parse(stranger.text)).toMatchObject({ metadata: { environment: { server_name: '' } } });
    expect(authOf(await get(url, '/1.0', TRUSTED))).toBe('trusted');
    expect(authOf(await get(url, '/1.0?project=x', { authorization: 'Bearer wrong' }))).toBe('untrusted');
  });

  it('streams to tokens alone', async () => {
    const url = await start();
    expect((await connect(webSocket(url), TRUSTED)).status).toBe(101);
    expect((await connect(webSocket(url))).status).toBe(403);
    expect((await connect(webSocket(url), { authorization: 'Bearer wrong' })).status).toBe(403);
    expect((await connect(webSocket(url), { ...TRUSTED, origin: 'https://elsewhere.example' })).status).toBe(403);
  });

  it.each([
    ['', 400, 'Bad Request\n'],
    ['?type=lifecycle,operation,logging,ovn,security,network-acl,config,device', 400, 'Bad Request\n'],
    ['?type=other', 400, `{"type":"error","error":"\\"other\\" isn't a supported event type","error_code":400}`],
    [
      '?all-projects=true&project=a',
      400,
      '{"type":"error","error":"Cannot specify a project when requesting all projects","error_code":400}',
    ],
  ])('answers a plain GET of /1.0/events%s with %i %s', async (query, status, text) => {
    const answer = await get(await start(), `/1.0/events${query}`, TRUSTED);
    expect([answer.status, answer.text]).toEqual([status, text]);
    if (text.startsWith('Bad')) expect(answer.headers['sec-websocket-version']).toBe('13');
  });

  it('refuses the same parameters for a WebSocket', async () => {
    const url = await start();
    expect((await connect(webSocket(url, '?type=other'), TRUSTED)).status).toBe(400);
    expect((await connect(webSocket(url, '?all-projects=1&project=a'), TRUSTED)).status).toBe(400);
  });

  it('trusts this machine only where it is told to, and only for itself', async () => {
    const url = await start({ TIDINGS_LXD_TRUST_LOOPBACK: 'true' });
    expect((await connect(webSocket(url))).status).toBe(101);
    for (const name of ['X-Forwarded-For', 'x-forwarded-proto', 'forwarded', 'via', 'CF-Connecting-IP', 'x-real-ip'])
      expect((await connect(webSocket(url), { [name]: '192.0.2.1' })).status, name).toBe(403);
    expect((await connect(webSocket(url), { host: 'elsewhere.example' })).status).toBe(403);
    expect((await connect(webSocket(url), { authorization: 'Bearer wrong' })).status).toBe(403);
    expect((await get(url, '/api/events/')).status).toBe(401);
  });

  it.each([
    ['GET', '/1.0/instances', 404, 'not found', undefined],
    ['GET', '/1.0/operations/1/websocket?secret=x', 404, 'not found', undefined],
    ['POST', '/1.0/projects/', 404, 'not found', undefined],
    ['PUT', '/1.0', 405, 'Method "PUT" not allowed.', 'GET, HEAD'],
    ['POST', '/1.0/events', 405, 'Method "POST" not allowed.', 'GET, HEAD'],
    ['DELETE', '/', 405, 'Method "DELETE" not allowed.', 'GET, HEAD'],
  ])('refuses %s %s with %i as LXD would', async (method, path, status, error, allow) => {
    const answer = await get(await start(), path, TRUSTED, method);
    expect([answer.status, answer.text]).toEqual([
      status,
      JSON.stringify({ type: 'error', error, error_code: status }),
    ]);
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)));
    expect(answer.headers['allow']).toBe(allow);
  });

  it('refuses the rest of its paths as ever', async () => {
    const answer = await get(await start(), '/1.00/instances', TRUSTED);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
  });

  it('takes no notice of what a client says', async () => {
    const { socket } = await connect(webSocket(await start()), TRUSTED);
    socket.send('hello');
    socket.send(Buffer.alloc(10_000));
    // It is read before the ping, which is answered.
    socket.ping();
    await once(socket, 'pong');
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('on the unix socket', () => {
  it('trusts whoever may open it, and serves nothing but LXD', async () => {
    await start();
    expect(statSync(socketPath).mode & 0o777).toBe(0o660);
    expect(authOf(await get(socketPath, '/1.0', { host: 'localhost:None' }))).toBe('trusted');
    expect((await connect(`ws+unix://${socketPath}:/1.0/events`)).status).toBe(101);
    for (const path of [
      '/api/events/',
      '/v1/stream',
      '/metrics',
      '/health/live',
      '/1.0/../metrics',
      '/1.0/instances',
    ]) {
      const answer = await get(socketPath, path);
      expect([path, answer.status, answer.text]).toEqual([
        path,
        404,
        '{"type":"error","error":"not found","error_code":404}',
      ]);
    }
    expect((await connect(`ws+unix://${socketPath}:/v1/stream`)).status).toBe(404);
  });

  it('is gone when the application has stopped, whose streams end with a word', async () => {
    await start();
    const { socket } = await connect(`ws+unix://${socketPath}:/1.0/events`);
    const closed = once(socket, 'close') as Promise<[number, Buffer]>;
    for (const close of closing.splice(-1)) await close();
    expect((await closed)[0]).toBe(1001);
    expect(existsSync(socketPath)).toBe(false);
  });

  it('is refused where another process serves it, or where something else is', async () => {
    await start();
    await expect(startIn()).rejects.toThrow(StartError);
    expect(authOf(await get(socketPath, '/1.0'))).toBe('trusted');
    socketPath = join(folder, 'a-file');
    writeFileSync(socketPath, '');
    await expect(startIn()).rejects.toThrow('is something else');
  });

  it('takes the place of one that nobody serves any more', async () => {
    folder = temporaryFolder();
    socketPath = join(folder, 'unix.socket');
    const dead = createServer().listen(socketPath);
    await once(dead, 'listening');
    // A hard link outlives the server that removes its own name.
    linkSync(socketPath, `${socketPath}.kept`);
    dead.close();
    await once(dead, 'close');
    renameSync(`${socketPath}.kept`, socketPath);
    await startIn();
    expect(authOf(await get(socketPath, '/1.0'))).toBe('trusted');
  });

  it('is left out where its path is too long for the system', async () => {
    const url = await start({}, 'x'.repeat(120));
    expect(existsSync(socketPath)).toBe(false);
    expect(authOf(await get(url, '/1.0', TRUSTED))).toBe('trusted');
  });
});
