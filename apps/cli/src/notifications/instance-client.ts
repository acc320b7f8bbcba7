import type { ApiClient, Answer, Parameters, RequestOptions } from '../api/api-client.js';
import { ibmPagesOf } from '../api/pages.js';
import { CommandFailure } from '../command-failure.js';
import { textOf } from '../output/exact-json.js';

export const INSTANCES_PATH = '/event-notifications/v1/instances';

/** What lists of the notification API hold. */
export type Resource = Readonly<Record<string, unknown>>;

/** The kinds of resources of an instance that go by a name. */
export type NamedKind = 'sources' | 'topics' | 'destinations' | 'subscriptions' | 'templates';

/** An instance of the notification API: the configuration of one tenant. */
export class InstanceClient {
  private constructor(
    private readonly api: ApiClient,
    private readonly path: string,
  ) {}

  /**
   * @param name its id or its name; the default one without it
   * @throws {CommandFailure} `notFound` where no instance has it
   */
  static async open(api: ApiClient, name: string | undefined): Promise<InstanceClient> {
    const { id } = await findInstance(api, name);
    return new InstanceClient(api, `${INSTANCES_PATH}/${encodeURIComponent(textOf(id))}`);
  }

  pages(plural: string, parameters: Parameters, limit: number): AsyncGenerator<readonly Resource[]> {
    return ibmPagesOf(this.api, `${this.path}/${plural}`, plural, parameters, limit);
  }

  /** @param segments of the path behind the instance's, not yet escaped */
  async request(method: string, segments: readonly string[], options: RequestOptions = {}): Promise<Answer> {
    return this.api.request(method, [this.path, ...segments.map(encodeURIComponent)].join('/'), options);
  }

  /**
   * Sends JSON.
   * @param body undefined: none
   * @param wanted what the message of a 404 names
   */
  async send(method: string, segments: readonly string[], body?: unknown, wanted?: string): Promise<Answer> {
    return this.request(method, segments, {
      ...(body !== undefined && { body: JSON.stringify(body), contentType: 'application/json' }),
      ...(wanted !== undefined && { wanted }),
    });
  }

  /**
   * Finds what has an id or a name.
   * @throws {CommandFailure} `notFound` with the names that there are; `usage` where several go by that name
   */
  async find(kind: NamedKind, name: string): Promise<Resource> {
    const all = await gathered(this.pages(kind, {}, Infinity));
    const exact = all.filter((one) => isCalled(one, name));
    const found = exact.length > 0 ? exact : all.filter((one) => isNearlyCalled(one, name));
    const [only, another] = found;
    if (only === undefined) throw unknownName(kind.slice(0, -1), name, all);
    if (another !== undefined) {
      const ids = found.map((one) => textOf(one['id']));
      throw new CommandFailure('usage', `Several ${kind} are called ${name}`, [`Use an id: ${ids.join(', ')}`]);
    }
    return only;
  }

  /** The id of what {@link find} finds. */
  async idOf(kind: NamedKind, name: string): Promise<string> {
    return textOf((await this.find(kind, name))['id']);
  }
}

/**
 * @param name its id or its name; the default one without it
 * @throws {CommandFailure} `notFound` where no instance has it
 */
export async function findInstance(api: ApiClient, name: string | undefined): Promise<Resource> {
  const all = await gathered(ibmPagesOf<Resource>(api, INSTANCES_PATH, 'instances', {}, Infinity));
  const chosen = all.find((one) => (name === undefined ? one['is_default'] === true : isCalled(one, name)));
  const instance = chosen ?? (name === undefined && all.length === 1 ? all[0] : undefined);
  if (instance === undefined) throw unknownName('instance', name ?? 'default', all);
  return instance;
}

/** All entries of a list. */
export async function gathered<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

function isCalled(resource: Resource, name: string): boolean {
  return resource['id'] === name || resource['name'] === name;
}

/** In whatever case, and a source by the last part of its id: `lxd`. */
function isNearlyCalled(resource: Resource, name: string): boolean {
  const said = name.toLowerCase();
  return textOf(resource['name']).toLowerCase() === said || textOf(resource['id']).endsWith(`:source:${said}`);
}

function unknownName(what: string, name: string, all: readonly Resource[]): CommandFailure {
  const names = all.map((one) => textOf(one['name'])).slice(0, 20);
  return new CommandFailure('notFound', `There is no ${what} called ${name}`, [
    names.length === 0 ? `There are no ${what}s yet.` : `There are: ${names.join(', ')}`,
  ]);
}
