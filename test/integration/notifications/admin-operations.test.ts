import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { AdminWorld } from './admin-world.js';

interface Content {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

interface Document {
  readonly paths: Paths;
  readonly components: object;
}

let world: AdminWorld;
let components: object;
let paths: Paths;

beforeAll(async () => {
  world = await AdminWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  ({ paths, components } = (await world.request('/docs/openapi.json')).json<Document>());
});
afterAll(async () => world.close());

const admin = (): [route: string, operation: Operation][] =>
  Object.entries(paths)
    .filter(([path]) => path.startsWith('/event-notifications/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
    );

it('every route of the admin API is documented, with all parameters of its path', () => {
  const routes = world.routes.filter(({ path }) => path.startsWith('/event-notifications/'));
  expect(routes.length).toBeGreaterThan(30);
  const missing = routes.filter(({ method, path }) => {
    const operation = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    const named = operation?.parameters.filter((one) => one.in === 'path').map(({ name }) => name) ?? [];
    return JSON.stringify(named) !== JSON.stringify([...path.matchAll(/:(\w+)/g)].map(([, name]) => name));
  });
  expect(missing).toEqual([]);
  const permissions = new Set(['admin', 'notifications:read', 'notifications:admin']);
  expect(routes.filter(({ access }) => !permissions.has(access ?? ''))).toEqual([]);
});

it('a reader may look at what is in an instance, and try filters, and change nothing', () => {
  const routes = world.routes.filter(({ path }) => path.includes('/:instance_id/'));
  const read = routes.filter(({ access }) => access === 'notifications:read');
  const looking = routes.filter(({ method }) => method === 'GET');
  expect(looking.length).toBeGreaterThan(10);
  expect(looking.filter((route) => !read.includes(route))).toEqual([]);
  const others = read.filter(({ method }) => method !== 'GET').map(({ path }) => path.split('/:instance_id')[1]);
  expect(others.toSorted()).toEqual(['/filters/test', '/filters/validate']);
});

it('examples fit their schemas, and errors are in IBM’s envelope', () => {
  const ajv = new Ajv2020({ strict: false, formats: { uuid: true, 'date-time': true } });
  for (const [route, { requestBody, responses }] of admin()) {
    const contents = [requestBody, ...Object.values(responses)].flatMap((one) => Object.values(one?.content ?? {}));
    for (const { schema, example, examples = {} } of contents) {
      const all = example === undefined ? Object.values(examples).map(({ value }) => value) : [example];
      expect(all.length, route).toBeGreaterThan(0);
      // Some schemas stand among the document's components.
      const validate = ajv.compile({ ...schema, components });
      for (const one of all) expect(validate(one), `${route}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    }
    const refused = Object.values(responses['401']?.content?.['application/json']?.examples ?? {});
    expect(refused[0]?.value, route).toMatchObject({ status_code: 401, errors: [{ more_info: '/docs' }] });
  }
});
