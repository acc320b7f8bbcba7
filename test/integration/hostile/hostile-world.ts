import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { EventsModule } from '@tidings/events';
import { GatewayModule } from '@tidings/gateway';
import { createHttpApplication, EnvironmentModule, ERRORS, listen, parseEnvironment } from '@tidings/runtime';
import { expect } from 'vitest';
import { freshDatabase } from '../../harness/fresh-database.js';
import { freshPrefix, TEST_PARTITIONS } from '../../harness/fresh-names.js';

const TOKEN = 'a-token-for-tests-that-is-long-enough';

/** What is sent. */
export interface Sent {
  readonly method?: string;
  readonly contentType?: string | undefined;
  readonly body?: string | Buffer;
}

/** What came back; of a stream, that it began. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** An operation of the API's document. */
export interface DocumentedRoute {
  readonly method: string;
  readonly path: string;
  /** Of its query. */
  readonly parameters: readonly string[];
}

/** The gateway and the events app in this process, listening, as the standalone has them. */
export class HostileWorld {
  private constructor(
    readonly url: string,
    readonly close: () => Promise<void>,
  ) {}

  static async create(servers: { readonly databaseUrl: string; readonly brokers: string }): Promise<HostileWorld> {
    const database = await freshDatabase(servers.databaseUrl);
    const environment = parseEnvironment({
      TIDINGS_ADMIN_TOKEN: TOKEN,
      TIDINGS_PREFIX: freshPrefix(),
      TIDINGS_ROLES: 'api',
      TIDINGS_APP: 'events',
      KAFKA_BROKERS: servers.brokers,
      KAFKA_PARTITIONS: TEST_PARTITIONS,
      DATABASE_URL: database.url,
      PORT: '0',
    });
    const imports = [
      EnvironmentModule.forRoot(environment),
      GatewayModule.forRoot(),
      EventsModule.forRoot(environment),
    ];
    const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
    const app = await createHttpApplication({ module: class TestProcess {}, imports }, silent);
    return new HostileWorld(await listen(app, environment), async () => {
      await app.close();
      await database.drop();
    });
  }

  /** The operations that the API's document has. */
  async routes(): Promise<DocumentedRoute[]> {
    const { text } = await this.ask('/docs/openapi.json');
    const { paths } = JSON.parse(text) as {
      paths: Record<string, Record<string, { parameters: { name: string; in: string }[] }>>;
    };
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters }]) => ({
        method: method.toUpperCase(),
        path,
        parameters: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      })),
    );
  }

  /** Asks, and demands of the answer what every answer has to keep to. @param path as it goes over the wire */
  async ask(path: string, sent: Sent = {}): Promise<Received> {
    const received = await this.send(path, sent);
    demandDecency(`${sent.method ?? 'GET'} ${path.slice(0, 300)}`, received);
    return received;
  }

  private send(path: string, { method = 'GET', contentType, body }: Sent): Promise<Received> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.url);
      const headers = {
        authorization: `Bearer ${TOKEN}`,
        ...(contentType !== undefined && { 'content-type': contentType }),
      };
      // Not fetch, which mends paths.
      const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
        let text = '';
        const done = (): void => resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
          done();
          request.destroy();
          return;
        }
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', done);
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  /** Sends a request's head over a bare connection, whatever its size. @returns what came until it was closed */
  async talk(head: string): Promise<string> {
    return new Promise((resolve) => {
      let answer = '';
      const socket = connect(Number(new URL(this.url).port), '127.0.0.1', () => socket.write(head));
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
      // A server that has said what there is to say may cut off who goes on talking.
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(answer));
    });
  }
}

function demandDecency(what: string, { status, headers, text }: Received): void {
  expect(status, `${what}: ${text.slice(0, 300)}`).toBeLessThan(500);
  expect(headers, what).not.toHaveProperty('x-injected');
  if (status < 400 || text === '') return;
  // LXD's clients are told off by LXD's server so.
  if (text === 'Bad Request\n') return;
  expect(headers['content-type'], what).toMatch(/^application\/json/);
  const body = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const isLxds = body['type'] === 'error' && typeof body['error'] === 'string' && body['error_code'] === status;
  expect(isOurs(body, status) || isOfFields(body, status) || isLxds, `${what}: ${status} ${text.slice(0, 300)}`).toBe(
    true,
  );
}

function isOurs({ detail, code }: Readonly<Record<string, unknown>>, status: number): boolean {
  const rows: Readonly<Record<string, { readonly status: number }>> = ERRORS;
  return typeof detail === 'string' && typeof code === 'string' && rows[code]?.status === status;
}

/** Waldur's way to say which parameters are wrong. */
function isOfFields(body: object, status: number): boolean {
  const fields: unknown[] = Object.values(body);
  const isTexts = (value: unknown): boolean =>
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
  return status === 400 && fields.length > 0 && fields.every(isTexts);
}
