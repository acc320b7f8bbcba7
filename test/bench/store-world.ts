import { mkdirSync, rmSync } from 'node:fs';
import { DataDirectory, EmbeddedPostgres } from '@tidings/standalone';
import { temporaryFolder } from '../harness/embedded-servers.js';

/** A PostgreSQL for a large store. */
export interface StoreServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param kept a folder that outlives the run, so that the next one finds the store in it */
export async function startStoreServer(kept: string | undefined): Promise<StoreServer> {
  if (kept !== undefined) mkdirSync(kept, { recursive: true });
  const directory = DataDirectory.open(kept ?? temporaryFolder());
  const postgres = new EmbeddedPostgres({
    directory,
    port: 0,
    settings: { shared_buffers: '1GB', max_wal_size: '16GB', checkpoint_timeout: '30min', jit: 'off' },
  });
  const stop = async (): Promise<void> => {
    await postgres.stop();
    directory.release();
    if (kept === undefined) rmSync(directory.path, { recursive: true, force: true });
  };
  try {
    await postgres.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: postgres.url, stop };
}
