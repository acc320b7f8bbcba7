import { setTimeout as wait } from 'node:timers/promises';
import { StartError } from '@tidings/runtime';
import { Client } from 'pg';
import {
  addressOf,
  clientConfig,
  CONNECT_TIMEOUT_MS,
  type ConnectionSettings,
  LIVENESS,
  variableOf,
} from './connection-settings.js';
import { classifyDatabaseError, databaseErrorCode } from './database-errors.js';

const PAUSE_MS = 250;

/**
 * Resolves when the database accepts a connection. Tries again while it is away or starting.
 * @param deadlineMs when to give up, milliseconds
 * @throws {StartError} naming host and port: unreachable by the deadline; or at once, where waiting does not help: a
 *   refused login, an unknown database, a failed TLS handshake
 */
export async function waitForDatabase(settings: ConnectionSettings, deadlineMs = 30_000): Promise<void> {
  const giveUpAt = Date.now() + deadlineMs;
  for (;;) {
    const error = await attempt(settings, Math.max(1, Math.min(CONNECT_TIMEOUT_MS, giveUpAt - Date.now())));
    if (error === undefined) return;
    if (classifyDatabaseError(error) !== 'unavailable')
      throw new StartError(refusal(settings, error), { cause: error });
    if (Date.now() + PAUSE_MS >= giveUpAt) {
      const reason = databaseErrorCode(error) ?? 'no answer';
      throw new StartError(
        `PostgreSQL at ${addressOf(settings.url)} cannot be reached (${reason}). Start it, or correct ${variableOf(settings)}.`,
        { cause: error },
      );
    }
    await wait(PAUSE_MS);
  }
}

async function attempt(settings: ConnectionSettings, timeoutMs: number): Promise<unknown> {
  const client = new Client({ ...clientConfig(settings), ...LIVENESS, connectionTimeoutMillis: timeoutMs });
  // Without a listener, a connection that breaks while it is idle would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error ?? new Error('The connection failed');
  } finally {
    await client.end().catch(() => undefined);
  }
}

function refusal(settings: ConnectionSettings, error: unknown): string {
  const address = addressOf(settings.url);
  const code = databaseErrorCode(error) ?? '';
  if (code.startsWith('28')) {
    return `PostgreSQL at ${address} refused the login (SQLSTATE ${code}). Correct the user or the password in ${variableOf(settings)}, or let this address in.`;
  }
  if (code === '3D000') {
    const { database } = clientConfig(settings);
    return `PostgreSQL at ${address} has no database named "${database}". Create it, or correct ${variableOf(settings)}.`;
  }
  if (code === '42501') {
    return `PostgreSQL at ${address} does not let this user connect to the database. Grant CONNECT, or correct ${variableOf(settings)}.`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `PostgreSQL at ${address} cannot be used: ${reason}. Check ${variableOf(settings)}, its sslmode and DATABASE_TLS_CA_FILE.`;
}
