import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { declaredRoutes, type DeclaredRoute } from '@tidings/access';
import { catalogue, parseJson, stringifyJson, type JsonObject } from '@tidings/catalogue';
import { createBatchIngest, EventsModule, IngestState, startIngest, type BatchIngest } from '@tidings/events';
import { createHttpApplication, EnvironmentModule, listen, parseEnvironment, type Environment } from '@tidings/runtime';
import { encodeEvent, type HeaderValue, type IncomingRecord, type OutgoingRecord } from '@tidings/transport';
import { Pool } from 'pg';
import { freshDatabase } from '../harness/fresh-database.js';
import { freshPrefix, TEST_PARTITIONS } from '../harness/fresh-names.js';
import { REPOSITORY } from '../harness/repository.js';

const TOKEN = 'a-token-for-tests-that-is-long-enough';

export interface Servers {
  readonly databaseUrl: string;
  readonly brokers: string;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** @throws {SyntaxError} where the body is no JSON */
  json<T = unknown>(): T;
}

export interface RequestOptions {
  readonly method?: string;
  /** Over the token's. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** The events app, listening in this process over a database of its own. */
export class ApiWorld {
  private offset = 0;

  private constructor(
    readonly environment: Environment,
    readonly url: string,
    readonly pool: Pool,
    /** Every route of the app, with what it demands. */
    readonly routes: readonly DeclaredRoute[],
    private readonly batchIngest: BatchIngest,
    readonly close: () => Promise<void>,
  ) {}

  /**
   * @param more variables of the environment, over the usual ones
   * @param roles `api` alone leaves Kafka untouched until something is sent; tests hand their events over by `store`
   */
  static async create(
    servers: Servers,
    roles: 'api' | 'ingest,api' = 'api',
    more: Readonly<Record<string, string>> = {},
  ): Promise<ApiWorld> {
    const database = await freshDatabase(servers.databaseUrl);
    const environment = parseEnvironment({
      TIDINGS_APP: 'events',
      TIDINGS_ROLES: roles,
      TIDINGS_ADMIN_TOKEN: TOKEN,
      TIDINGS_PREFIX: freshPrefix(),
      TIDINGS_PUBLISH_DEADLINE_MS: '2000',
      KAFKA_BROKERS: servers.brokers,
      KAFKA_PARTITIONS: TEST_PARTITIONS,
      DATABASE_URL: database.url,
      PORT: '0',
      ...more,
    });
    class TestProcess {}
    const app = await createHttpApplication(
      {
        module: TestProcess,
        imports: [EnvironmentModule.forRoot(environment), EventsModule.forRoot(environment)],
      },
      { log: () => undefined, warn: () => undefined, error: () => undefined },
    );
    const failures: Error[] = [];
    if (roles !== 'api') await startIngest(app, (error) => failures.push(error));
    const pool = app.get(Pool, { strict: false });
    const batchIngest = createBatchIngest({
      pool,
      prefix: environment.kafka.prefix,
      state: new IngestState(() => undefined),
    });
    return new ApiWorld(
      environment,
      await listen(app, environment),
      pool,
      declaredRoutes(app),
      batchIngest,
      async () => {
        await app.close();
        await database.drop();
        if (failures[0] !== undefined) throw failures[0];
      },
    );
  }

  /** Asks the way a client does. */
  async request(path: string, { method = 'GET', headers, body }: RequestOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.url);
      const sent = { authorization: `Bearer ${TOKEN}`, ...headers };
      // Not fetch, which writes the Host header itself and mends paths.
      const request = httpRequest({ hostname, port, path, method, headers: sent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const json = <T>(): T => JSON.parse(text) as T;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  /** Makes a token of a reader over the API. @returns its secret */
  async makeToken(scopes: readonly string[], permissions: readonly string[] = ['events:read']): Promise<string> {
    const answer = await this.request('/api/tokens/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'a reader', permissions, scopes }),
    });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.json<{ token: string }>().token;
  }

  /** Lets the ingest store these messages, without Kafka. */
  async store(records: readonly OutgoingRecord[]): Promise<void> {
    for (const record of records) {
      const { kafkaTopic } = record;
      const incoming = incomingRecord(record, String(this.offset++));
      await this.batchIngest.handle(
        { kafkaTopic, partition: 0, records: [incoming] },
        { heartbeat: () => Promise.resolve(), isStale: () => false },
      );
    }
  }

  /** Stores what a system sends natively, as the gateway would. @param site of the system's installation */
  async storeNative(system: string, events: readonly (object | string)[], site = 'main'): Promise<void> {
    await this.store(events.map((event) => this.nativeRecord(system, event, site)));
  }

  nativeRecord(system: string, event: object | string, site = 'main'): OutgoingRecord {
    const native = parseJson(typeof event === 'string' ? event : JSON.stringify(event)).exact as JsonObject;
    const reading = catalogue.system(system)?.native?.read(native, site);
    if (reading === undefined || 'rejection' in reading) {
      throw new Error(`${system} does not send that: ${JSON.stringify(reading)}`);
    }
    const { data, ...attributes } = reading.event;
    const kafkaTopic = `${this.environment.kafka.prefix}lifecycle.${system}.test`;
    return encodeEvent(kafkaTopic, attributes, stringifyJson(data), 'native');
  }

  /** Puts the sample files of all four systems in. @returns how many events each has */
  async storeSamples(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const system of SAMPLE_SYSTEMS) {
      const lines = sampleLines(system);
      await this.storeNative(system, lines);
      counts[system] = lines.length;
    }
    return counts;
  }
}

const SAMPLE_FILES = {
  waldur: 'waldur-webhook.ndjson',
  lxd: 'lxd-events.ndjson',
  cds: 'cds-webhook.ndjson',
  ibm: 'ibm-cloudevents.ndjson',
} as const;

type SampleSystem = keyof typeof SAMPLE_FILES;

/** The systems that have samples. */
export const SAMPLE_SYSTEMS = Object.keys(SAMPLE_FILES) as SampleSystem[];

/** What a system really sent, an event a line. */
export function sampleLines(system: SampleSystem): string[] {
  const text = readFileSync(join(REPOSITORY, 'test', 'samples', SAMPLE_FILES[system]), 'utf8');
  return text.split('\n').filter(Boolean);
}

function incomingRecord({ key, value, headers }: OutgoingRecord, offset: string): IncomingRecord {
  const bytes = (part: string | Buffer | null): Buffer | null => (typeof part === 'string' ? Buffer.from(part) : part);
  return {
    offset,
    timestamp: '1793606513204',
    key: bytes(key),
    value: bytes(value),
    headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, received(header)])),
  };
}

function received(header: HeaderValue): HeaderValue {
  return typeof header === 'string' ? Buffer.from(header) : header;
}

/** An event as the list shows it. */
export interface ShownEvent {
  readonly uuid: string;
  readonly created: string;
  readonly event_type: string;
  readonly message: string;
  readonly context: JsonObject;
}
