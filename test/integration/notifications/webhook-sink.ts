import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a sink got it. */
export interface Received {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers a request. @param count how many came before it */
export type Behaviour = (response: ServerResponse, received: Received, count: number) => void;

/** A receiver of webhooks that keeps what it gets. */
export class WebhookSink {
  readonly received: Received[] = [];

  private constructor(
    private readonly server: Server,
    private behaviour: Behaviour,
  ) {}

  static async open(behaviour: Behaviour = answering(204)): Promise<WebhookSink> {
    const server = createServer((request, response) => void sink.take(request, response));
    const sink = new WebhookSink(server, behaviour);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  behave(behaviour: Behaviour): void {
    this.behaviour = behaviour;
  }

  /** How often each message came. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { headers } of this.received) {
      const id = String(headers['webhook-id']);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', headers } = request;
    const received = { method, headers, body: Buffer.concat(chunks).toString('utf8') };
    this.received.push(received);
    this.behaviour(response, received, this.received.length - 1);
  }
}

/** Always the same answer. */
export function answering(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Behaviour {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Never answers. */
export const hanging: Behaviour = () => undefined;
