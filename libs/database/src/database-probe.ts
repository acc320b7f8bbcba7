import { Client } from 'pg';
import type { Readiness, ReadinessFinding } from '@tidings/runtime';
import { clientConfig, type ConnectionSettings } from './connection-settings.js';
import { databaseErrorCode } from './database-errors.js';

/** Shorter than what a readiness check may take, so that the reason is this one; milliseconds. */
const DEADLINE_MS = 1_500;
/** A process is asked by many: one answer serves them for so long, milliseconds. */
const KNOWN_FOR_MS = 1_000;

/**
 * Says in `/health/ready` whether the database answers. It is asked over a connection that is made for that: those of the
 * pools may all be busy.
 * @param name what the check is called; each in a process has another
 */
export function watchDatabase(readiness: Readiness, name: string, settings: ConnectionSettings): void {
  let last: { readonly finding: Promise<ReadinessFinding>; readonly at: number } | undefined;
  readiness.register(name, () => {
    const now = performance.now();
    if (last === undefined || now - last.at >= KNOWN_FOR_MS) last = { finding: probe(settings), at: now };
    return last.finding;
  });
}

async function probe(settings: ConnectionSettings): Promise<ReadinessFinding> {
  const client = new Client({
    ...clientConfig(settings),
    connectionTimeoutMillis: DEADLINE_MS,
    query_timeout: DEADLINE_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return { up: true };
  } catch (error) {
    return { up: false, reason: `the database does not answer (${databaseErrorCode(error) ?? 'no answer in time'})` };
  } finally {
    client.end().catch(() => undefined);
  }
}
