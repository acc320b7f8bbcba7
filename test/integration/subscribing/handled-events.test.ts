import { createDataSource } from '@tidings/database';
import { createHandledEventsMigration, HandledEvents } from '@tidings/subscribing/typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshDatabase } from '../../harness/fresh-database.js';

const EVENT = { source: '/waldur/main', id: 'a' };

describe('handled events', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let dataSource: Awaited<ReturnType<typeof createDataSource>>;

  beforeAll(async () => {
    database = await freshDatabase(inject('databaseUrl'));
    dataSource = await createDataSource({
      url: database.url,
      applicationName: 'handled-events',
      poolSize: 4,
      schema: 'billing',
      migrations: [createHandledEventsMigration({ schema: 'billing' })],
    });
    await dataSource.query('CREATE TABLE billing.invoice (event text)');
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const invoices = async (): Promise<number> => {
    const [row]: { count: string }[] = await dataSource.query('SELECT count(*) FROM billing.invoice');
    return Number(row?.count);
  };
  const bill = (handled: HandledEvents, event = EVENT): Promise<boolean> =>
    handled.once(event, (manager) => manager.query('INSERT INTO billing.invoice VALUES ($1)', [event.id]));

  it('lets the work be done once, also by many at the same time, and by each consumer', async () => {
    const handled = new HandledEvents(dataSource, 'invoices', { schema: 'billing' });
    const done = await Promise.all(Array.from({ length: 8 }, () => bill(handled)));
    expect(done.filter(Boolean)).toHaveLength(1);
    expect(await invoices()).toBe(1);
    expect(await bill(handled, { ...EVENT, source: '/waldur/rack1' })).toBe(true);
    expect(await bill(new HandledEvents(dataSource, 'reports', { schema: 'billing' }))).toBe(true);
  });

  it('forgets with the work that failed that it was done', async () => {
    const handled = new HandledEvents(dataSource, 'failing', { schema: 'billing' });
    const before = await invoices();
    const failing = handled.once(EVENT, async (manager) => {
      await manager.query('INSERT INTO billing.invoice VALUES ($1)', ['a']);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await invoices()).toBe(before);
    expect(await bill(handled)).toBe(true);
  });

  it('forgets what is old, of its own consumer', async () => {
    const [old, other] = ['old', 'other'].map((name) => new HandledEvents(dataSource, name, { schema: 'billing' }));
    await Promise.all([bill(old!), bill(other!)]);
    expect(await old!.forget(new Date(Date.now() - 60_000))).toBe(0);
    expect(await old!.forget(new Date(Date.now() + 60_000))).toBe(1);
    expect(await bill(old!)).toBe(true);
    expect(await bill(other!)).toBe(false);
  });

  it('refuses a table whose name is none', () => {
    expect(() => new HandledEvents(dataSource, 'x', { table: 'a"; DROP' })).toThrow('table must be');
  });
});
