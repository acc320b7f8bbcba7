import { randomBytes } from 'node:crypto';
import type { DynamicModule } from '@nestjs/common';
import { declaredRoutes, type DeclaredRoute } from '@tidings/access';
import { EventsModule } from '@tidings/events';
import { GatewayModule } from '@tidings/gateway';
import { NotificationsModule } from '@tidings/notifications';
import { ResourceControllerModule } from '@tidings/resource-controller';
import {
  createHttpApplication,
  createLog,
  type Environment,
  EnvironmentModule,
  parseEnvironment,
} from '@tidings/runtime';
import { MemoryTransport } from '@tidings/transport';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../harness/fresh-database.js';
import { freshPrefix, TEST_PARTITIONS } from '../../harness/fresh-names.js';

const TOKEN = 'a-token-for-tests-that-is-long-enough';

/** What nobody needs a token for, in whichever app. Whoever adds a route here should know why. */
const PUBLIC = [
  /^\/$/, // LXD's list of API versions
  /^\/1\.0$/, // what LXD tells strangers of itself
  /^\/1\.0\/events$/, // answers strangers the way LXD does: its handler checks who they are
  /^\/console(\/.*)?$/, // the page and its files; what it shows it asks for with a token
  /^\/api\/sessions$/, // for those who have a one-time code, and no token yet
  /^\/docs(\/.*)?$/,
  /^\/schemas\//, // what dataschema points to: descriptions of types, and of nobody's events
  /^\/openapi(\.\w+)?$/,
  /^\/health\/(live|ready)$/,
  /^\/api\/connectors\/:name\/hook\/:secret$/, // for systems that cannot send a token: the path has a secret in it
];

/** Under these, only administrators: somebody who may change tokens may do anything. */
const ADMINISTRATION = [/^\/api\/tokens/, /^\/api\/audit/, /^\/metrics/, /^\/api\/connectors(?!.*\/hook\/)/];

type Modules = (environment: Environment) => DynamicModule[];
const gateway = (): DynamicModule => GatewayModule.forRoot({ transport: new MemoryTransport() });
const events = (environment: Environment): DynamicModule => EventsModule.forRoot(environment);

const resources = (): DynamicModule => ({ module: class Resources {}, imports: [ResourceControllerModule] });
const notifications = (environment: Environment): DynamicModule => NotificationsModule.forRoot(environment);

const APPS: readonly (readonly [name: string, modules: Modules])[] = [
  ['gateway', () => [gateway()]],
  ['events', (environment) => [events(environment)]],
  ['notifications', (environment) => [notifications(environment)]],
  ['resource-controller', () => [resources()]],
  // As apps/standalone puts them together.
  ['standalone', (environment) => [gateway(), events(environment), notifications(environment), resources()]],
];

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase(inject('databaseUrl'));
});
afterAll(() => database.drop());

describe.each(APPS)('%s', (_name, modulesOf) => {
  let routes: readonly DeclaredRoute[];

  beforeAll(async () => {
    const environment = parseEnvironment({
      TIDINGS_ADMIN_TOKEN: TOKEN,
      TIDINGS_ROLES: 'ingest,match,deliver,api',
      TIDINGS_SECRET_KEY: randomBytes(32).toString('base64'),
      TIDINGS_PREFIX: freshPrefix(),
      KAFKA_BROKERS: inject('brokers'),
      KAFKA_PARTITIONS: TEST_PARTITIONS,
      DATABASE_URL: database.url,
    });
    const root = {
      module: class Root {},
      imports: [EnvironmentModule.forRoot(environment), ...modulesOf(environment)],
    };
    const app = await createHttpApplication(root, createLog('test', 'fatal'));
    routes = declaredRoutes(app);
    await app.close();
  });

  it('has routes, and each says who may call it', () => {
    expect(routes.length).toBeGreaterThan(3);
    expect(routes.filter(({ access }) => access === undefined)).toEqual([]);
  });

  it('has no route twice', () => {
    const names = routes.map(({ method, path }) => `${method} ${path}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('opens to everybody only what is meant for everybody', () => {
    // What answers OPTIONS gives nothing but its own address.
    const open = routes.filter(({ access, method }) => access === 'public' && method !== 'OPTIONS');
    expect(open.filter(({ path }) => !PUBLIC.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  it('keeps administration to administrators', () => {
    const administration = routes.filter(({ path }) => ADMINISTRATION.some((pattern) => pattern.test(path)));
    expect(administration.length).toBeGreaterThan(0);
    expect(administration.filter(({ access }) => access !== 'admin')).toEqual([]);
  });
});
