import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { StartError } from '@tidings/runtime';

/** What the kernel has room for in an address, less the byte that ends it. */
export const LONGEST_SOCKET_PATH = 107;

/** The owner and the group may open it. */
const MASK = 0o117;

/**
 * Listens on a unix socket with the mode 0660. What a killed process left there is replaced.
 * @throws {StartError} when another process serves it, or it cannot be made there
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    await removeStale(path);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // Made with this mode, rather than given it later: nobody else may get in between.
      const mask = process.umask(MASK);
      try {
        server.listen(path, () => {
          server.off('error', reject);
          resolve();
        });
      } finally {
        process.umask(mask);
      }
    });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new StartError(
      `The unix socket ${path} of the LXD API cannot be made (${String(error.code)}). Set TIDINGS_LXD_SOCKET to a path that this user can write to.`,
      { cause: error },
    );
  }
}

async function removeStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new StartError(
      `${path}, where the LXD API's unix socket should be, is something else. Move it away, or set TIDINGS_LXD_SOCKET to another path.`,
    );
  }
  if (await isServed(path)) {
    throw new StartError(
      `The unix socket ${path} of the LXD API is served by another process. Stop that one, or set TIDINGS_LXD_SOCKET to another path.`,
    );
  }
  unlinkSync(path);
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      // Its queue is full: somebody is behind it.
      else if (error.code === 'EAGAIN') resolve(true);
      else reject(error);
    });
  });
}
