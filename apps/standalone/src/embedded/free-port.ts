import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { StartError } from '@tidings/runtime';

/**
 * Below the ports that operating systems give to outgoing connections (32768 and up on Linux, 49152 on macOS): none of
 * those can take the port between the moment it is chosen and the moment the server listens on it, seconds later.
 */
const CHOSEN_FROM = { lowest: 10_240, highest: 32_767 } as const;
const ATTEMPTS = 50;

/**
 * A port that nothing listens on right now.
 *
 * @param host the address that will be listened on
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(CHOSEN_FROM.lowest, CHOSEN_FROM.highest + 1);
    if ((await problemWith(port, host)) === undefined) return port;
  }
  throw new StartError(`No free port was found on ${host}.`);
}

/**
 * The port to use where `wanted` is configured.
 *
 * @param wanted 0 means: choose a free one
 * @param variable the environment variable to set to another port, for the message
 * @throws {StartError} when something else listens on the port, or it may not be listened on
 */
export async function claimPort(wanted: number, variable: string, host = '127.0.0.1'): Promise<number> {
  if (wanted === 0) return freePort(host);
  const problem = await problemWith(wanted, host);
  if (problem === undefined) return wanted;
  if (problem === 'EADDRINUSE') {
    throw new StartError(
      `Port ${wanted} is in use by another program. Stop that program, or set ${variable} to another port (0 chooses a free one).`,
    );
  }
  throw new StartError(
    `Port ${wanted} on ${host} cannot be listened on (${problem}). Set ${variable} to another port.`,
  );
}

async function problemWith(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
