import { encodeEvent } from '@tidings/transport';
import { WebSocket } from 'ws';
import { until } from '../../harness/until.js';
import type { ApiWorld } from '../api-world.js';
import { SseClient } from './sse-client.js';

const ADMIN = { authorization: 'Bearer a-token-for-tests-that-is-long-enough' };

/** What an event of these tests is like. */
export interface TestEvent {
  readonly id: string;
  readonly project?: string;
  readonly site?: string;
  readonly type?: string;
  readonly padding?: number;
}

/** Stores events of LXD, each batch in a transaction of its own. */
export async function storeEvents(world: ApiWorld, events: readonly TestEvent[]): Promise<void> {
  const kafkaTopic = `${world.environment.kafka.prefix}lifecycle.lxd.test`;
  await world.store(
    events.map(({ id, project = 'default', site = 'main', type = 'instance-created', padding = 0 }) =>
      encodeEvent(
        kafkaTopic,
        {
          id,
          source: `/lxd/${site}`,
          type: `com.canonical.lxd.lifecycle.${type}`,
          subject: `/1.0/instances/${id}`,
          time: '2026-11-02T08:01:53.204968Z',
        },
        JSON.stringify({
          type: 'lifecycle',
          project,
          metadata: { action: type, source: `/1.0/instances/${id}`, context: { padding: 'x'.repeat(padding) } },
        }),
        'native',
      ),
    ),
  );
}

export async function openSse(
  url: string,
  query = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<SseClient> {
  return SseClient.open(url, `/v1/stream${query}`, { ...ADMIN, ...headers });
}

/** A client of the WebSocket that keeps all it has read. */
export class WebSocketClient {
  readonly received: { position: string; event: { id: string; type: string } }[] = [];
  closed: { code: number; reason: string } | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.received.push(JSON.parse(data.toString('utf8')) as (typeof this.received)[number]);
    });
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    socket.on('error', () => undefined);
  }

  static async open(url: string, query = '', headers: Readonly<Record<string, string>> = ADMIN) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/stream${query}`, { headers });
    const client = new WebSocketClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, response) => {
        reject(new Error(`refused: ${response.statusCode}`));
      });
      socket.once('error', reject);
    });
    return client;
  }

  get eventIds(): string[] {
    return this.received.map(({ event }) => event.id);
  }

  close(): void {
    this.socket.close();
  }
}

/** Makes a token over the API. */
export async function makeToken(world: ApiWorld, scopes: readonly string[]): Promise<{ id: string; header: string }> {
  const answer = await world.request('/api/tokens/', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'streams', permissions: ['events:read'], scopes }),
  });
  const { id, token } = answer.json<{ id: string; token: string }>();
  return { id, header: `Bearer ${token}` };
}

/** Waits until a list holds what is expected, and no more comes while another event travels. */
export async function untilIds(read: () => readonly string[], expected: readonly string[]): Promise<void> {
  await until(() => read().length >= expected.length, { what: `${expected.length} events` });
}

/** The value of a metric's sample. */
export async function sample(world: ApiWorld, start: string): Promise<number> {
  const { text } = await world.request('/metrics');
  const line = text.split('\n').find((candidate) => candidate.startsWith(start));
  return Number(line?.split(' ').at(-1) ?? 0);
}
