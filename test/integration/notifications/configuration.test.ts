import { catalogue } from '@tidings/catalogue';
import {
  changeConfiguration,
  ConfigurationStore,
  ConfigurationWatch,
  NotificationsDatabase,
  seedConfiguration,
} from '@tidings/notifications';
import { parseEnvironment } from '@tidings/runtime';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../harness/fresh-database.js';
import { until } from '../../harness/until.js';

const ACTOR = { id: 'admin', name: 'admin' };

let fresh: FreshDatabase;
let database: NotificationsDatabase;
let watch: ConfigurationWatch;

beforeAll(async () => {
  fresh = await freshDatabase(inject('databaseUrl'));
  const environment = parseEnvironment({ DATABASE_URL: fresh.url });
  database = await NotificationsDatabase.open(environment);
  // As the module `access` makes it; here it is not running.
  await database.pool.query('CREATE SCHEMA access');
  await database.pool.query(
    'CREATE TABLE access.audit (actor_id text, actor_name text, action text, subject text, before jsonb, after jsonb)',
  );
  await Promise.all([seed(), seed(), seed()]);
  watch = await ConfigurationWatch.start(new ConfigurationStore(database));
});
afterAll(async () => {
  await watch.onApplicationShutdown();
  await database.onApplicationShutdown();
  await fresh.drop();
});

const seed = (): Promise<void> => seedConfiguration(database, catalogue);

it('has one default instance with a disabled source for each system but api, however many replicas start', async () => {
  const [instance, ...others] = watch.current().instances.values();
  expect(others).toEqual([]);
  expect(instance).toMatchObject({ name: 'default', scopes: [{ isWildcard: true }] });
  const sources = [...(instance?.sources.values() ?? [])];
  expect(sources.map(({ system }) => system).sort()).toEqual(['cds', 'ibm', 'lxd', 'tidings', 'waldur']);
  expect(sources.every(({ enabled }) => !enabled)).toBe(true);
  const { version } = watch.current();
  await seed();
  expect(await new ConfigurationStore(database).version()).toBe(version);
});

it('tells of each change, and forgets those that fail', async () => {
  const before = watch.current().version;
  const seen: bigint[] = [];
  const stop = watch.onChange(({ version }) => seen.push(version));
  const failing = changeConfiguration(database, ACTOR, async ({ client }) => {
    await client.query('UPDATE notifications.source SET enabled = true');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await changeConfiguration(database, ACTOR, async ({ client, audit }) => {
    await client.query("UPDATE notifications.source SET enabled = true WHERE system = 'lxd'");
    await audit({
      action: 'source.update',
      subject: 'source:lxd',
      before: { enabled: false },
      after: { enabled: true },
    });
  });
  await until(() => watch.current().version === before + 1n, { what: 'the change to be seen' });
  stop();
  expect(seen).toEqual([before + 1n]);
  const [instance] = watch.current().instances.values();
  const enabled = [...(instance?.sources.values() ?? [])].filter((source) => source.enabled);
  expect(enabled.map(({ system }) => system)).toEqual(['lxd']);
  const { rows } = await database.pool.query('SELECT actor_id, action, after FROM access.audit');
  expect(rows).toEqual([
    { actor_id: 'admin', action: 'source.update', after: { enabled: true, configuration_version: Number(before) + 1 } },
  ]);
});

it('goes on with the last snapshot while the database is away, and sees later what happened meanwhile', async () => {
  const before = watch.current().version;
  await database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  expect(watch.current().version).toBe(before);
  await database.pool.query('UPDATE notifications.configuration SET version = version + 1');
  await until(() => watch.current().version === before + 1n, { what: 'the change to be seen' });
});
