import type { TlsSettings } from '@tidings/runtime';
import type { ClientBase, ClientConfig } from 'pg';

/** Which database, and how to speak with it. */
export interface ConnectionSettings {
  /** `postgres://user:password@host:port/database`, without parameters. */
  readonly url: string;
  /** Undefined: without TLS. */
  readonly tls?: TlsSettings | undefined;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** The connection is that of DATABASE_OWNER_URL, and not that of DATABASE_URL. */
  readonly isOwner?: boolean;
}

/** A connection that does not open within this long has failed, milliseconds. */
export const CONNECT_TIMEOUT_MS = 5_000;

/**
 * A statement that is not answered within this long is given up, and its connection closed, milliseconds: a server that
 * vanished without a word answers never. What may take longer says so by {@link longStatement}.
 */
export const STATEMENT_DEADLINE_MS = 30_000;

/** The most that a {@link longStatement} may take, milliseconds. */
export const LONG_STATEMENT_DEADLINE_MS = 24 * 60 * 60 * 1000;

/** What every connection has: a peer that has vanished is noticed on both sides, also while nothing is asked. */
export const LIVENESS = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

/**
 * The same for the server: it ends a session, and lets go of its locks, soon after its client is gone. Queued before the
 * first statement; a connection that breaks here fails that one, too.
 */
export function onConnect(client: ClientBase): void {
  void client
    .query('SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3')
    .catch(() => undefined);
}

/** Takes the URL apart once, so that nothing else interprets it differently. */
export function clientConfig({ url, tls, applicationName, isOwner = false }: ConnectionSettings) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 5432 : Number(port),
    user: decodeURIComponent(username) || 'postgres',
    password: password === '' ? undefined : decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: tls === undefined ? false : { ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.verify },
    application_name: applicationName,
    // Of what the owner runs, no bare name may lead to a function that a role with fewer rights has made.
    options: isOwner ? '-c search_path=pg_catalog' : undefined,
  } satisfies ClientConfig;
}

/** The variable that a connection was configured by, for messages. */
export function variableOf({ isOwner = false }: ConnectionSettings): string {
  return isOwner ? 'DATABASE_OWNER_URL' : 'DATABASE_URL';
}

/** `host:port`, for messages: never with the user or the password. */
export function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? '5432' : port}`;
}
