import { connect, isIP, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { dialGuarded, OutboundGuard } from '@tidings/outbound';

/**
 * Where the operator's own systems are. Whoever writes the file of the connectors runs this gateway, so its addresses
 * may be on this machine or in private networks; what no system of theirs is on, such as the link-local addresses where
 * clouds hand out credentials, stays closed unless TIDINGS_OUTBOUND_ALLOW opens it.
 */
const OWN_NETWORKS: readonly string[] = [
  ...['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
];

/** Says where connectors may dial. @param allow further networks in CIDR form */
export function connectorGuard(allow: readonly string[] = []): OutboundGuard {
  return new OutboundGuard([...OWN_NETWORKS, ...allow]);
}

/** How a WebSocket of a connector is dialled: through the guard, or to a unix socket by its path. */
export function diallerTo(
  where: { readonly socket: string } | { readonly url: URL; readonly tls: ConnectionOptions },
  guard: OutboundGuard,
): () => Socket {
  if ('socket' in where) return () => connect({ path: where.socket });
  const { url, tls } = where;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isTls = url.protocol === 'https:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const named = isIP(host) === 0 ? { servername: host } : {};
  return () => dialGuarded(guard, { host, port, tls: isTls ? { ...named, ...tls } : undefined });
}
