import { until } from '../../harness/until.js';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An instance, as far as tests look at it. */
export interface ShownInstance {
  readonly guid: string;
  readonly crn: string;
  readonly name: string;
  readonly state: string;
  readonly resource_plan_id: string;
  readonly last_operation: { readonly type: string; readonly state: string; readonly description: string };
}

/** Speaks with a resource controller over HTTP. */
export class ResourceClient {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async ask(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
  }

  /** @throws {Error} where the status is another one than expected */
  async demand<T>(status: number, method: string, path: string, body?: object): Promise<T> {
    const answer = await this.ask(method, path, body);
    if (answer.status === status) return answer.body as T;
    throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  /** Asks for an instance and waits for the broker. */
  async instance(name: string, plan: string, more: object = {}): Promise<ShownInstance> {
    const asked = await this.demand<ShownInstance>(202, 'POST', '/v2/resource_instances', {
      name,
      resource_plan_id: plan,
      ...more,
    });
    return this.settled(asked.guid);
  }

  /** An instance when nothing of it is in progress any more. */
  async settled(guid: string): Promise<ShownInstance> {
    return until(
      async () => {
        const shown = await this.demand<ShownInstance>(200, 'GET', `/v2/resource_instances/${guid}`);
        return shown.last_operation.state === 'in progress' ? undefined : shown;
      },
      { what: 'the operation to end' },
    );
  }

  /** When there is no such instance any more. */
  async gone(guid: string): Promise<void> {
    await until(async () => (await this.ask('GET', `/v2/resource_instances/${guid}`)).status === 404, {
      what: 'the instance to be gone',
    });
  }
}
