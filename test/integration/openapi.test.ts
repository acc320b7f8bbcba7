import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { declaredRoutes } from '@tidings/access';
import { EventsModule } from '@tidings/events';
import { GatewayModule } from '@tidings/gateway';
import { NotificationsModule } from '@tidings/notifications';
import { ResourceControllerModule } from '@tidings/resource-controller';
import { createHttpApplication, EnvironmentModule, ERRORS, parseEnvironment } from '@tidings/runtime';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../harness/fresh-database.js';
import { freshPrefix, TEST_PARTITIONS } from '../harness/fresh-names.js';
import { REPOSITORY } from '../harness/repository.js';

interface Content {
  readonly schema: object;
  readonly example?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly object[];
  readonly parameters: readonly { name: string; in: string; schema: object; description: string; example: unknown }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Content>> }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: object };
}

let database: FreshDatabase;
let app: NestFastifyApplication;
let text: string;
let document: Document;

beforeAll(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  const environment = parseEnvironment({
    TIDINGS_ADMIN_TOKEN: 'a-token-for-tests-that-is-long-enough',
    TIDINGS_PREFIX: freshPrefix(),
    TIDINGS_ROLES: 'api',
    TIDINGS_APP: 'events',
    TIDINGS_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    KAFKA_BROKERS: inject('brokers'),
    KAFKA_PARTITIONS: TEST_PARTITIONS,
    DATABASE_URL: database.url,
  });
  const imports = [
    EnvironmentModule.forRoot(environment),
    GatewayModule.forRoot(),
    EventsModule.forRoot(environment),
    NotificationsModule.forRoot(environment),
    ResourceControllerModule,
  ];
  app = await createHttpApplication({ module: class TestProcess {}, imports }, { log() {}, warn() {}, error() {} });
  text = (await app.inject({ url: '/docs/openapi.json' })).body;
  document = JSON.parse(text) as Document;
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const operations = (): (Operation & { readonly route: string })[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, route: `${method.toUpperCase()} ${path}` })),
  );

it('docs/openapi.json is what the code says; `npm test -- openapi --update` writes it', async () => {
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(join(REPOSITORY, 'docs', 'openapi.json'));
});

it('every route is in it, with the access that it demands', () => {
  const documented = new Map(operations().map((operation) => [operation.route, operation]));
  const missing = declaredRoutes(app)
    .filter(({ method }) => method !== 'WEBSOCKET')
    .filter(({ method, path, access }) => {
      const braced = path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');
      const found = documented.get(`${method} ${braced}`) ?? documented.get(`${method} ${braced}/`);
      return found === undefined || (found.security.length === 0) !== (access === 'public');
    });
  expect(missing).toEqual([]);
});

it('every route says what it answers when all is well', () => {
  const withBodies = operations().filter(({ route }) => !/^(HEAD|OPTIONS) /.test(route));
  const bare = withBodies.filter(({ responses }) => {
    const good = Object.entries(responses).filter(([status]) => Number(status) < 400);
    return good.length === 0 || !good.every(([status, answer]) => isDescribed(status, answer));
  });
  expect(bare.map(({ route }) => route)).toEqual([]);
});

/** An answer without a body says so by its status. */
function isDescribed(status: string, { description, content }: Operation['responses'][string]): boolean {
  if (description === '') return false;
  return content === undefined ? ['101', '204', '302', '304'].includes(status) : Object.keys(content).length > 0;
}

it('every parameter has a schema, a description and an example that fits', () => {
  const ajv = new Ajv2020({ strict: false, formats: { uuid: true, 'date-time': true } });
  for (const { route, parameters } of operations()) {
    for (const { name, schema, description, example } of parameters) {
      expect(description, `${route} ${name}`).not.toBe('');
      expect(description, `${route} ${name}`).not.toBe(`${name}.`);
      expect(ajv.validate(schema, example), `${route} ${name}: ${JSON.stringify(example)}`).toBe(true);
    }
  }
});

it('every body has an example that its schema allows', () => {
  const ajv = new Ajv2020({ strict: false, formats: { uuid: true, 'date-time': true } });
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    ajv.addSchema(schema as object, `#/components/schemas/${name}`);
  }
  for (const { route, requestBody, responses } of operations()) {
    const bodies = [requestBody, ...Object.values(responses)].flatMap((one) => Object.values(one?.content ?? {}));
    for (const { schema, example } of bodies.filter((body) => 'example' in body)) {
      expect(ajv.validate(schema, example), `${route}: ${ajv.errorsText()}`).toBe(true);
    }
  }
});

it('names only statuses of the table of errors, and each operation once', () => {
  const known = new Set(Object.values(ERRORS).map(({ status }) => String(status)));
  const statuses = operations().flatMap(({ responses }) => Object.keys(responses));
  expect(statuses.filter((status) => Number(status) >= 400 && !known.has(status))).toEqual([]);
  const ids = operations().map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

it('is there for people, too, without a token or anything from elsewhere', async () => {
  const page = await app.inject({ url: '/docs' });
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.body).toContain('/api/events/');
  expect(page.body).not.toMatch(/<script|<link|(?:src|href|action)\s*=\s*"?https?:\/\/(?!127\.0\.0\.1)/);
  expect(readFileSync(join(REPOSITORY, 'README.md'), 'utf8')).toContain('/docs');
});
