import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Closing } from './closing.js';
import { progress } from './figures.js';
import { loadStore, readyStore } from './store-loader.js';
import { startStoreServer } from './store-world.js';

/** A store that is loaded and indexed. */
export interface OpenStore {
  readonly url: string;
  /** Unix seconds: how new its newest events are. */
  readonly loadedAt: number;
}

const BYTES_PER_EVENT = 3_500;
/** A store that is half loaded when the machine fails is loaded anew, so nothing has to be safe meanwhile. */
const WHILE_LOADING = {
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  maintenance_work_mem: '1GB',
  max_wal_size: '8GB',
};

/**
 * The store to measure: the kept one, or one that is loaded now.
 * @throws {RangeError} when there is no room for it, or the kept one is another
 */
export async function openStore(
  { events, keep }: { readonly events: number; readonly keep: string | undefined },
  closing: Closing,
): Promise<OpenStore> {
  const folder = keep === undefined ? undefined : resolve(keep);
  const loading = await startStoreServer(folder, WHILE_LOADING);
  const stopLoading = closing.add(() => loading.stop());
  const loadedAt = await loadStore(loading.url, events, () => checkRoom(folder ?? tmpdir(), events));
  await readyStore(loading.url);
  await stopLoading();
  progress('starting PostgreSQL as it runs in production');
  const server = await startStoreServer(loading.folder);
  closing.add(async () => {
    await server.stop();
    if (folder === undefined) loading.remove();
  });
  return { url: server.url, loadedAt };
}

function checkRoom(folder: string, events: number): void {
  const { bavail, bsize } = statfsSync(dirname(folder));
  const [free, needed] = [bavail * bsize, events * BYTES_PER_EVENT];
  if (free >= needed) return;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(0)} GB`;
  throw new RangeError(
    `A store of ${events} events needs about ${gigabytes(needed)}, ${folder} has ${gigabytes(free)}: give --events or --keep.`,
  );
}
