import type { TlsSettings } from '@tidings/runtime';
import type { ClientConfig } from 'pg';

/** Which database, and how to speak with it. */
export interface ConnectionSettings {
  /** `postgres://user:password@host:port/database`, without parameters. */
  readonly url: string;
  /** Undefined: without TLS. */
  readonly tls?: TlsSettings | undefined;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
}

/** A connection that does not open within this long has failed, milliseconds. */
export const CONNECT_TIMEOUT_MS = 5_000;

/** Takes the URL apart once, so that nothing else interprets it differently. */
export function clientConfig({ url, tls, applicationName }: ConnectionSettings) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 5432 : Number(port),
    user: decodeURIComponent(username) || 'postgres',
    password: password === '' ? undefined : decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: tls === undefined ? false : { ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.verify },
    application_name: applicationName,
  } satisfies ClientConfig;
}

/** `host:port`, for messages: never with the user or the password. */
export function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? '5432' : port}`;
}
