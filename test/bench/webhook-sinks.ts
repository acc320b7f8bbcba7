import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Receivers of webhooks in this process, each under a path of its own. */
export class WebhookSinks {
  /** How many requests each path has had. */
  readonly counts = new Map<string, number>();
  /** Called with every request. */
  onRequest: (path: string, body: string) => void = () => undefined;
  private readonly behaviours = new Map<string, (response: ServerResponse) => void>();
  private readonly server = createServer((request, response) => {
    const { url = '' } = request;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.counts.set(url, (this.counts.get(url) ?? 0) + 1);
      this.onRequest(url, Buffer.concat(chunks).toString('utf8'));
      const behaviour = this.behaviours.get(url);
      if (behaviour === undefined) response.writeHead(204).end();
      else behaviour(response);
    });
  });

  static async open(): Promise<WebhookSinks> {
    const sinks = new WebhookSinks();
    sinks.server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => sinks.server.listen(0, '127.0.0.1', resolve));
    return sinks;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** Answers 204 unless told otherwise. */
  behave(path: string, behaviour: (response: ServerResponse) => void): void {
    this.behaviours.set(path, behaviour);
  }

  received(paths: readonly string[]): number {
    return paths.reduce((sum, path) => sum + (this.counts.get(path) ?? 0), 0);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
