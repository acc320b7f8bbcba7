import { createHttpApplication, EnvironmentModule, listen, parseEnvironment } from '@tidings/runtime';
import { EventsModule } from '@tidings/events';
import { Client } from 'pg';
import type { RecordedStatement } from './load-protocol.js';
import { ADMIN_TOKEN, AUTHORIZATION } from './world.js';

/** What a request reads besides the events is the same for all, and remembered by the app. */
const ABOUT_EVENTS = /\bevents\.(event|rollup|rollup_tenant)\b/;
const READS = /^\s*(SELECT|WITH)\b/i;

/**
 * The app in this process, asked only for the statements that it sends: what runs beside it is then the app's own SQL,
 * whatever that is, and no copy that grows old.
 */
export class StatementRecorder {
  private statements: RecordedStatement[] = [];

  private constructor(
    private readonly url: string,
    readonly close: () => Promise<void>,
  ) {}

  static async start(databaseUrl: string): Promise<StatementRecorder> {
    let heard: (statement: RecordedStatement) => void = () => undefined;
    const restore = overhear((statement) => heard(statement));
    const environment = parseEnvironment({
      TIDINGS_APP: 'events',
      TIDINGS_ROLES: 'api',
      TIDINGS_ADMIN_TOKEN: ADMIN_TOKEN,
      KAFKA_BROKERS: '127.0.0.1:1',
      DATABASE_URL: databaseUrl,
      PORT: '0',
    });
    const app = await createHttpApplication(
      {
        module: class RecordedProcess {},
        imports: [EnvironmentModule.forRoot(environment), EventsModule.forRoot(environment)],
      },
      { log: () => undefined, warn: () => undefined, error: () => undefined },
    );
    const recorder = new StatementRecorder(await listen(app, environment), async () => {
      restore();
      await app.close();
    });
    heard = (statement) => recorder.statements.push(statement);
    return recorder;
  }

  /**
   * What the app asks the database for such a request when it is asked for the second time: what it counts once and
   * remembers is spared on both sides.
   * @throws {Error} when the request is not answered with 200
   */
  async statementsOf(path: string): Promise<readonly RecordedStatement[]> {
    await this.ask(path);
    this.statements = [];
    await this.ask(path);
    const recorded = this.statements.filter(({ text }) => READS.test(text) && ABOUT_EVENTS.test(text));
    if (recorded.length === 0) throw new Error(`${path} asked the database for nothing`);
    return recorded;
  }

  /** @returns the headers of the answer */
  async ask(path: string): Promise<Headers> {
    const response = await fetch(new URL(path, this.url), { headers: AUTHORIZATION });
    const body = await response.text();
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${body.slice(0, 300)}`);
    return response.headers;
  }
}

/** Hears every statement that any client of this process sends. @returns what ends it */
function overhear(heard: (statement: RecordedStatement) => void): () => void {
  const original = Object.getOwnPropertyDescriptor(Client.prototype, 'query');
  const send = original?.value as (...given: readonly unknown[]) => unknown;
  Object.defineProperty(Client.prototype, 'query', {
    ...original,
    value(this: Client, ...given: readonly unknown[]): unknown {
      const [first, second] = given;
      if (typeof first === 'string') heard({ text: first, values: Array.isArray(second) ? (second as unknown[]) : [] });
      else if (typeof first === 'object' && first !== null && 'text' in first && typeof first.text === 'string') {
        const values = 'values' in first && Array.isArray(first.values) ? (first.values as unknown[]) : second;
        const name = 'name' in first && typeof first.name === 'string' ? { name: first.name } : {};
        heard({ text: first.text, values: Array.isArray(values) ? (values as unknown[]) : [], ...name });
      }
      return Reflect.apply(send, this, given);
    },
  });
  return () => {
    if (original !== undefined) Object.defineProperty(Client.prototype, 'query', original);
  };
}
