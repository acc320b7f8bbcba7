import { join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { startApp } from '../harness/app-process.js';
import { exportFigures } from './store-export.js';
import type { Figure } from './figures.js';
import { loadStore } from './store-loader.js';
import { queryFigures } from './store-queries.js';
import { startStoreServer } from './store-world.js';
import { ADMIN_TOKEN } from './world.js';

export interface StoreOptions {
  readonly events: number;
  /** Where the store stays for the next run. */
  readonly keep: string | undefined;
}

/** What is asked of a store of many events, through one api process. */
export async function storeFigures({ events, keep }: StoreOptions): Promise<readonly Figure[]> {
  const server = await startStoreServer(keep === undefined ? undefined : resolve(keep));
  try {
    await loadStore(server.url, events);
    const app = await startApp('events', {
      TIDINGS_ROLES: 'api',
      TIDINGS_ADMIN_TOKEN: ADMIN_TOKEN,
      DATABASE_URL: server.url,
      // Only what sends letters again speaks to Kafka.
      KAFKA_BROKERS: '127.0.0.1:1',
      LOG_LEVEL: 'warn',
    });
    try {
      const queries = await queryFigures(app.url, server.url, join(keep ?? tmpdir(), 'tidings-query-plans.txt'));
      return [...queries, ...(await exportFigures(app, server.url, events))];
    } finally {
      await app.stop();
    }
  } finally {
    await server.stop();
  }
}
