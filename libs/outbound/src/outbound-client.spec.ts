import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { dialGuarded } from './guarded-socket.js';
import { type OutboundAnswer, OutboundClient } from './outbound-client.js';
import { type AddressLookup, OutboundGuard } from './outbound-guard.js';
import { OutboundRefused } from './outbound-refused.js';

const HERE = new OutboundGuard(['127.0.0.0/8', '::1/128']);
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<{ url: URL; server: Server; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}/hook`), server, requests };
}

function post(guard: OutboundGuard, url: URL, signal = AbortSignal.timeout(10_000)): Promise<OutboundAnswer> {
  const client = new OutboundClient(guard, { maxResponseBytes: 1_000 });
  closing.push(() => client.close());
  return client.request({ method: 'POST', url, headers: {}, body: Buffer.from('{}'), signal });
}

describe('a request', () => {
  it('is answered', async () => {
    const { url } = await serve((_request, response) => response.writeHead(201).end('made'));
    expect(await post(HERE, url)).toMatchObject({ status: 201, body: Buffer.from('made'), isCut: false });
  });

  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '0', '[::ffff:127.0.0.1]', '127.1'])(
    'to this machine as %s is refused before it is made',
    async (host) => {
      const { url, requests } = await serve((_request, response) => response.end());
      const target = new URL(url);
      target.host = `${host}:${url.port}`;
      await expect(post(new OutboundGuard(), target)).rejects.toBeInstanceOf(OutboundRefused);
      expect(requests).toEqual([]);
    },
  );

  it('does not follow a redirect', async () => {
    const { url, requests } = await serve((_request, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    );
    expect((await post(HERE, url)).status).toBe(302);
    expect(requests).toEqual(['/hook']);
  });

  it('reads no more than it keeps of an answer without end', async () => {
    let sent = 0;
    const { url } = await serve((_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on('drain', write);
      write();
    });
    const answer = await post(HERE, url);
    expect(answer.body).toHaveLength(1_000);
    expect(answer.isCut).toBe(true);
    expect(sent).toBeLessThan(64 * 1_048_576);
  });

  it('does not unpack a compressed answer', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const { url } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const { body } = await post(HERE, url);
    expect(body.equals(bomb.subarray(0, 1_000))).toBe(true);
  });

  it('whose answer never comes ends at its deadline', async () => {
    const { url } = await serve(() => undefined);
    await expect(post(HERE, url, AbortSignal.timeout(150))).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('whose answer never ends is answered by its head', async () => {
    const { url } = await serve((_request, response) => void response.writeHead(200).write('x'));
    expect(await post(HERE, url, AbortSignal.timeout(1_000))).toMatchObject({ status: 200, isCut: true });
  });

  it('asks for the addresses of a name on the connection itself, so that a name that changes gains nothing', async () => {
    const { url, requests } = await serve((_request, response) => response.end());
    let asked = 0;
    const rebinding: AddressLookup = (_name, _options, callback) => {
      asked += 1;
      callback(null, [asked === 1 ? { address: '93.184.215.14', family: 4 } : { address: '127.0.0.1', family: 4 }]);
    };
    const guard = new OutboundGuard([], rebinding);
    // Whoever checks first and connects afterwards would see the harmless address now.
    await new Promise<void>((resolve) => guard.lookup('rebind.test', { all: true }, () => resolve()));
    const target = new URL(url);
    target.hostname = 'rebind.test';
    await expect(post(guard, target)).rejects.toBeInstanceOf(OutboundRefused);
    expect(requests).toEqual([]);
  });
});

describe('a socket for other protocols', () => {
  async function listening(): Promise<number> {
    const server = createTcpServer((socket: Socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }
  const end = (socket: Socket): Promise<unknown> =>
    new Promise((resolve) => {
      let read = '';
      socket.on('data', (chunk) => (read += chunk.toString()));
      socket.on('error', resolve);
      socket.on('end', () => resolve(read));
    });

  it('opens where it may', async () => {
    expect(await end(dialGuarded(HERE, { host: '127.0.0.1', port: await listening() }))).toBe('hello');
  });

  it.each(['127.0.0.1', 'localhost', '2130706433', '::ffff:127.0.0.1'])('does not open to %s', async (host) => {
    expect(await end(dialGuarded(new OutboundGuard(), { host, port: await listening() }))).toBeInstanceOf(
      OutboundRefused,
    );
  });
});
