import { mkdirSync, rmSync } from 'node:fs';
import { DataDirectory, EmbeddedPostgres } from '@tidings/standalone';
import { temporaryFolder } from '../harness/embedded-servers.js';

/** A PostgreSQL for a large store. */
export interface StoreServer {
  readonly url: string;
  /** Where its data are; they stay when it stops. */
  readonly folder: string;
  stop(): Promise<void>;
  remove(): void;
}

const SETTINGS = { shared_buffers: '1GB', max_wal_size: '16GB', checkpoint_timeout: '30min', jit: 'off' };

/**
 * @param kept the folder of the data; a new one when undefined
 * @param more settings over the usual ones
 */
export async function startStoreServer(
  kept: string | undefined,
  more: Readonly<Record<string, string>> = {},
): Promise<StoreServer> {
  if (kept !== undefined) mkdirSync(kept, { recursive: true });
  const directory = DataDirectory.open(kept ?? temporaryFolder());
  const postgres = new EmbeddedPostgres({ directory, port: 0, settings: { ...SETTINGS, ...more } });
  const stop = async (): Promise<void> => {
    await postgres.stop();
    directory.release();
  };
  try {
    await postgres.start();
  } catch (error) {
    await stop();
    throw error;
  }
  const remove = (): void => rmSync(directory.path, { recursive: true, force: true });
  return { url: postgres.ownerUrl, folder: directory.path, stop, remove };
}
