import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { declaredRoutes, type DeclaredRoute, type Permission, TokenService } from '@tidings/access';
import { NotificationsModule } from '@tidings/notifications';
import { createHttpApplication, EnvironmentModule, listen, parseEnvironment } from '@tidings/runtime';
import { Pool, type QueryResultRow } from 'pg';
import { freshDatabase } from '../../harness/fresh-database.js';
import { freshPrefix, TEST_PARTITIONS } from '../../harness/fresh-names.js';

export const TOKEN = 'a-token-for-tests-that-is-long-enough';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  json<T = Record<string, unknown>>(): T;
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Is sent as JSON. */
  readonly json?: unknown;
  readonly body?: string | Buffer;
}

/** IBM's error envelope. */
export interface IbmErrors {
  readonly trace: string;
  readonly status_code: number;
  readonly errors: readonly { readonly code: string; readonly message: string; readonly more_info: string }[];
}

/** As much of a list as tests look at. */
export interface Listed {
  readonly total_count: number;
  readonly offset: number;
  readonly limit: number;
  readonly first?: { readonly href: string };
  readonly previous?: { readonly href: string };
  readonly next?: { readonly href: string };
  readonly sources: readonly { readonly id: string; readonly name: string; readonly enabled: boolean }[];
  readonly topics: readonly { readonly id: string; readonly name: string }[];
}

/** The notification app's admin API, listening in this process over a database of its own. */
export class AdminWorld {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly prefix: string,
    private readonly pool: Pool,
    readonly routes: readonly DeclaredRoute[],
    readonly close: () => Promise<void>,
  ) {}

  static async create(
    servers: { readonly databaseUrl: string; readonly brokers: string },
    roles = 'api',
  ): Promise<AdminWorld> {
    const database = await freshDatabase(servers.databaseUrl);
    const prefix = freshPrefix();
    const environment = parseEnvironment({
      TIDINGS_APP: 'notifications',
      TIDINGS_ROLES: roles,
      TIDINGS_ADMIN_TOKEN: TOKEN,
      TIDINGS_SECRET_KEY: randomBytes(32).toString('base64'),
      TIDINGS_OUTBOUND_ALLOW: '127.0.0.0/8',
      TIDINGS_PREFIX: prefix,
      TIDINGS_PUBLISH_DEADLINE_MS: '10000',
      KAFKA_BROKERS: servers.brokers,
      KAFKA_PARTITIONS: TEST_PARTITIONS,
      DATABASE_URL: database.url,
      PORT: '0',
    });
    class TestProcess {}
    const app = await createHttpApplication(
      {
        module: TestProcess,
        imports: [EnvironmentModule.forRoot(environment), NotificationsModule.forRoot(environment)],
      },
      {
        log: () => undefined,
        warn: () => undefined,
        error: (text: unknown) => process.stderr.write(`${String(text)}\n`),
      },
    );
    const pool = new Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
    const url = await listen(app, environment);
    return new AdminWorld(app, url, prefix, pool, declaredRoutes(app), async () => {
      await pool.end();
      await app.close();
      await database.drop();
    });
  }

  /** Makes tokens, beside the admin's. */
  async issueToken(permissions: readonly Permission[], scopes: readonly string[]): Promise<string> {
    const draft = {
      name: permissions.join(' '),
      permissions,
      scopes,
      sources: [],
      expiresAt: undefined,
      fingerprint: undefined,
    };
    const { secret } = await this.app
      .get(TokenService, { strict: false })
      .create(draft, { id: 'admin', name: 'admin' });
    return secret ?? '';
  }

  /** Asks below `/event-notifications/v1/instances`, the way a client does. */
  async ask(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.request(`/event-notifications/v1/instances${path}`, options);
  }

  /** Asks in the default instance. */
  async in(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.ask(`/default${path}`, options);
  }

  /** @returns the rows of a query of the app's database */
  async rows<T extends QueryResultRow>(text: string, values: unknown[] = []): Promise<readonly T[]> {
    return (await this.pool.query<T>(text, values)).rows;
  }

  /** Makes something by POST, and demands that it worked. @returns the answer's body */
  async made<T = Readonly<Record<string, string>>>(path: string, json: unknown): Promise<T> {
    const answer = await this.ask(path, { method: 'POST', json });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json<T>();
  }

  async webhook(instance: string, name: string, params: object = WEBHOOK): Promise<{ readonly id: string }> {
    return this.made(`/${instance}/destinations`, { name, type: 'webhook', config: { params } });
  }

  /** @returns what a request to the default instance is refused with. @throws where it is not a 400 */
  async refusal(path: string, json: unknown, method = 'POST'): Promise<IbmErrors> {
    const answer = await this.in(path, { method, json });
    if (answer.status !== 400) throw new Error(`${answer.status} ${answer.text}`);
    return answer.json<IbmErrors>();
  }

  async request(path: string, { method = 'GET', headers, json, body }: RequestOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.url);
      const sent = {
        authorization: `Bearer ${TOKEN}`,
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      };
      // Not fetch, which writes the Host header itself and mends paths.
      const request = httpRequest({ hostname, port, path, method, headers: sent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: <T>() => JSON.parse(text) as T,
          });
        });
      });
      request.on('error', reject);
      request.end(json === undefined ? body : JSON.stringify(json));
    });
  }
}

export const WEBHOOK = { url: 'https://hooks.example.org/in', verb: 'post' };

/** A form as clients send it. @param types the parts' own types, by name */
export function form(
  parts: Readonly<Record<string, string>>,
  types: Readonly<Record<string, string>> = {},
): Pick<RequestOptions, 'headers' | 'body'> {
  const boundary = '----a-boundary-of-tests';
  const lines = Object.entries(parts).flatMap(([name, value]) => [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${name}"`,
    ...(types[name] === undefined ? [] : [`Content-Type: ${types[name]}`]),
    '',
    value,
  ]);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: [...lines, `--${boundary}--`, ''].join('\r\n'),
  };
}
