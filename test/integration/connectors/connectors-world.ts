import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppProcess } from '../../harness/app-process.js';
import { temporaryFolder } from '../../harness/embedded-servers.js';
import { type OwnStandalone, startOwnStandalone } from '../../harness/own-standalone.js';
import { until } from '../../harness/until.js';

export interface Shown {
  readonly name: string;
  readonly state: string;
  readonly events: number;
  readonly gaps: number;
  readonly failures: number;
  readonly last_error: string | null;
  readonly paused_by: string | null;
  readonly lag_seconds: number | null;
  readonly [member: string]: unknown;
}

interface StoredEvent {
  readonly uuid: string;
  readonly event_type: string;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** A whole Tidings, with connectors. */
export class ConnectorsWorld {
  private constructor(
    private readonly own: OwnStandalone,
    private readonly folder: string,
  ) {}

  /** @param connectors as the file lists them */
  static async start(
    connectors: readonly object[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<ConnectorsWorld> {
    const folder = temporaryFolder();
    const file = join(folder, 'connectors.json');
    writeFileSync(file, JSON.stringify({ connectors }));
    return new ConnectorsWorld(await startOwnStandalone({ TIDINGS_CONNECTORS: file, ...variables }), folder);
  }

  get app(): AppProcess {
    return this.own.app;
  }

  async stop(): Promise<void> {
    await this.own.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.own.token}`, 'content-type': 'application/json' };
    return fetch(this.app.url + path, { headers, ...init });
  }

  async json<T>(path: string, method = 'GET'): Promise<T> {
    const answer = await this.request(path, { method });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async connector(name: string): Promise<Shown> {
    return this.json<Shown>(`/api/connectors/${name}/`);
  }

  async becomes(name: string, state: string): Promise<Shown> {
    return until(
      async () => {
        const shown = await this.connector(name);
        return shown.state === state ? shown : undefined;
      },
      { what: `${name} to be ${state}` },
    );
  }

  /** Events with the text in their message or context, once all of so many are stored. */
  async stored(text: string, count: number): Promise<readonly StoredEvent[]> {
    return until(
      async () => {
        const found = await this.json<StoredEvent[]>(`/api/events/?page_size=300&message=${encodeURIComponent(text)}`);
        return found.length >= count ? found : undefined;
      },
      { what: `${count} events of ${text}` },
    );
  }

  /** The gaps that were told of a connector, oldest first, once there are so many. */
  async gaps(name: string, count: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return until(
      async () => {
        const path = '/api/events/?page_size=300&o=created&event_type=io.tidings.connector.gap';
        const events = (await this.json<StoredEvent[]>(path)).map(({ context }) => context);
        const found = events.filter(({ connector }) => connector === name);
        return found.length >= count ? found : undefined;
      },
      { what: `${count} gaps of ${name}` },
    );
  }
}
