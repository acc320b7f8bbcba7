import { rmSync } from 'node:fs';
import { inject } from 'vitest';
import { type AppProcess, type ProcessEnvironment, startStandalone } from './app-process.js';
import { temporaryFolder } from './embedded-servers.js';
import { freshDatabase } from './fresh-database.js';
import { freshPrefix } from './fresh-names.js';

/** All apps in a process of their own, over the test run's servers, with nothing in the store. */
export interface OwnStandalone {
  readonly app: AppProcess;
  /** Its data directory. */
  readonly folder: string;
  /** The administrator's. */
  readonly token: string;
  /** Ends it, and takes away what it kept. */
  stop(): Promise<void>;
}

/** @param env over what every such process is given */
export async function startOwnStandalone(env: ProcessEnvironment = {}): Promise<OwnStandalone> {
  const folder = temporaryFolder();
  const token = 'a-token-for-tests-that-is-long-enough';
  const database = await freshDatabase(inject('databaseUrl'));
  const app = await startStandalone({
    KAFKA_BROKERS: inject('brokers'),
    DATABASE_URL: database.url,
    TIDINGS_PREFIX: freshPrefix(),
    TIDINGS_DATA_DIR: folder,
    TIDINGS_ADMIN_TOKEN: token,
    ...env,
  });
  const stop = async (): Promise<void> => {
    await app.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { app, folder, token, stop };
}
