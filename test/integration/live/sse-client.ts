import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { until } from '../../harness/until.js';

/** One event of a stream as the client reads it. */
export interface SseMessage {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string;
}

/** A client of Server-Sent Events that keeps all it has read. */
export class SseClient {
  readonly messages: SseMessage[] = [];
  /** As a browser keeps it: of the last id, whether an event came with it or not. */
  lastId: string | undefined;
  isEnded = false;
  /** The server has said an id without an event: the past is over. */
  isLive = false;
  private rest = '';

  private constructor(
    private readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.read(chunk));
    response.on('error', () => undefined);
    response.on('close', () => (this.isEnded = true));
  }

  /** Opens a stream and waits for the head of its answer. */
  static async open(base: string, path: string, headers: Readonly<Record<string, string>>): Promise<SseClient> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(new URL(path, base), { headers, agent: false }, (response) => {
        resolve(new SseClient(request, response));
      });
      request.on('error', reject);
      request.end();
    });
  }

  /** The CloudEvents ids of the events so far. */
  get eventIds(): string[] {
    return this.messages
      .filter(({ event }) => event !== 'error')
      .map(({ data }) => (JSON.parse(data) as { id: string }).id);
  }

  /** Waits until it is where the server hands over the present. */
  async live(): Promise<this> {
    await until(() => this.isLive, { what: 'the stream to go live' });
    return this;
  }

  close(): void {
    this.request.destroy();
  }

  private read(chunk: string): void {
    const blocks = (this.rest + chunk).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => {
          const at = line.indexOf(': ');
          return [line.slice(0, at), line.slice(at + 2)];
        }),
      );
      const id = fields.get('id');
      if (id !== undefined) this.lastId = id;
      const data = fields.get('data');
      if (id !== undefined && data === undefined) this.isLive = true;
      if (data !== undefined) this.messages.push({ id, event: fields.get('event'), data });
    }
  }
}
