import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WaldurEvent {
  readonly uuid: string;
  readonly created: string;
  readonly event_type: string;
  readonly message: string;
  readonly context: object;
}

/** Waldur's `/api/events/`: pages by number, links between them, and no more patience than it is told to have. */
export class WaldurPeer {
  readonly events: WaldurEvent[] = [];
  readonly asked: URL[] = [];
  /** The next so many questions are answered 429. */
  refusals = 0;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly token: string) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => this.answer(request, response));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  async kill(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }

  /** @param created RFC 3339; now without it */
  add(message: string, created = new Date().toISOString()): WaldurEvent {
    const uuid = randomBytes(16).toString('hex');
    const context = { customer_uuid: 'b0c1d2e3f4a5968778695a4b3c2d1e0f', customer_name: message };
    const event = { uuid, created, event_type: 'customer_creation_succeeded', message, context };
    this.events.push(event);
    return event;
  }

  private answer({ url = '/', headers }: IncomingMessage, response: ServerResponse): void {
    const asked = new URL(url, this.url);
    this.asked.push(asked);
    if (headers.authorization !== `Token ${this.token}`) {
      response.writeHead(401).end('{"detail":"Invalid token."}');
      return;
    }
    if (this.refusals > 0) {
      this.refusals -= 1;
      response.writeHead(429, { 'retry-after': '1' }).end('{"detail":"Request was throttled."}');
      return;
    }
    const query = asked.searchParams;
    const from = Number(query.get('created_from') ?? 0);
    const found = this.events
      .filter(({ created }) => Date.parse(created) / 1_000 >= from)
      .sort((a, b) => a.created.localeCompare(b.created));
    const page = Number(query.get('page') ?? 1);
    const size = Number(query.get('page_size') ?? 10);
    const pages = Math.max(1, Math.ceil(found.length / size));
    if (page > pages) {
      response.writeHead(404).end('{"detail":"Invalid page."}');
      return;
    }
    const next = new URL(asked);
    next.searchParams.set('page', String(page + 1));
    const link =
      page < pages ? `<${asked.href}>; rel="first", <${next.href}>; rel="next"` : `<${asked.href}>; rel="first"`;
    response.writeHead(200, { 'content-type': 'application/json', link, 'x-result-count': String(found.length) });
    response.end(JSON.stringify(found.slice((page - 1) * size, page * size)));
  }
}
