import type { INestApplication } from '@nestjs/common';
import type { Environment } from '@tidings/runtime';
import { type LxdAddresses, LxdListeners } from './lxd-listeners.js';

/**
 * Serves the LXD API besides the HTTP port, where the environment says. Call it when the application listens; it ends
 * with the application.
 * @throws {StartError} when an address cannot be had; the application is closed then
 */
export async function startLxdApi(app: INestApplication, { roles }: Pick<Environment, 'roles'>): Promise<LxdAddresses> {
  if (!roles.includes('api')) return { socket: undefined, tls: undefined };
  try {
    return await app.get(LxdListeners, { strict: false }).start();
  } catch (error) {
    await app.close();
    throw error;
  }
}
