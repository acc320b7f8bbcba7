import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { catalogue } from '@tidings/catalogue';
import { GatewayModule } from '@tidings/gateway';
import { createHttpApplication, createLog, EnvironmentModule, listen, parseEnvironment } from '@tidings/runtime';
import { decodeRecord, MemoryTransport, type DecodedRecord, type IncomingRecord } from '@tidings/transport';

export const TOKEN = 'a-token-for-tests-that-is-long-enough';
export const PREFIX = 'test.';

/** What a request of a test is made of. */
export interface TestRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An answer, with its body parsed where it is JSON. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: TestAnswerBody;
}

/** The members that tests look at. */
export interface TestAnswerBody {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { field: string; problem: string }[];
  readonly accepted?: number;
  readonly rejected?: number;
  readonly dead_lettered?: number;
  readonly unlisted?: number;
  readonly stopped_at?: number;
  readonly events?: readonly TestEventAnswer[];
  readonly exceptions?: readonly TestEventAnswer[];
}

interface TestEventAnswer {
  readonly position: number;
  readonly status: string;
  readonly id?: string;
  readonly source?: string;
  readonly type?: string;
  readonly uuid?: string;
  readonly code?: string;
  readonly problems?: readonly { field: string; problem: string }[];
}

/** A message that the gateway wrote, and what it means. */
export interface WrittenRecord {
  readonly kafkaTopic: string;
  readonly record: IncomingRecord;
  readonly decoded: DecodedRecord;
}

/** The gateway, whole, with a broker in memory. */
export class MemoryGateway {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly transport: MemoryTransport,
  ) {}

  static async start(variables: Readonly<Record<string, string>> = {}): Promise<MemoryGateway> {
    const environment = parseEnvironment({
      TIDINGS_ADMIN_TOKEN: TOKEN,
      TIDINGS_PREFIX: PREFIX,
      LOG_LEVEL: 'fatal',
      PORT: '0',
      ...variables,
    });
    const transport = new MemoryTransport();
    const module = {
      module: class GatewayUnderTest {},
      imports: [EnvironmentModule.forRoot(environment), GatewayModule.forRoot({ transport })],
    };
    const app = await createHttpApplication(module, createLog('gateway', environment.logLevel));
    return new MemoryGateway(app, transport);
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  /** Opens a port for requests that cannot be injected. @returns the URL */
  listen(): Promise<string> {
    return listen(this.app, { host: '127.0.0.1', port: 0 });
  }

  /** Sends a POST without the network in between. */
  async post(url: string, { headers = {}, body }: TestRequest = {}): Promise<TestAnswer> {
    const response = await this.app.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      ...(body !== undefined && { payload: body }),
    });
    return { status: response.statusCode, headers: response.headers, body: response.json<TestAnswerBody>() };
  }

  /** Everything written so far, in the order of the kafkaTopics' names. */
  written(): readonly WrittenRecord[] {
    return catalogue.kafkaTopics().flatMap((kafkaTopic) =>
      this.transport.records(PREFIX + kafkaTopic).map((record) => ({
        kafkaTopic,
        record,
        decoded: decodeRecord(record),
      })),
    );
  }

  /** The only message written since `before` messages were there. */
  newest(before: readonly WrittenRecord[]): WrittenRecord {
    const known = new Set(before.map(({ record }) => record));
    const fresh = this.written().filter(({ record }) => !known.has(record));
    const [only] = fresh;
    if (only === undefined || fresh.length !== 1) throw new Error(`${fresh.length} messages were written`);
    return only;
  }
}
