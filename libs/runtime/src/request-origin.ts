const NAME = String.raw`(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?`;
const IPV6 = String.raw`\[[0-9a-f:.]{2,45}\]`;
const HOST = new RegExp(`^(?:${NAME}|${IPV6})(?::([0-9]{1,5}))?$`, 'i');
const MAX_HOST_LENGTH = 260;
const MAX_PORT = 65_535;

/**
 * The origin to build a caller's links from. The Host header is the caller's to write, so it is used only when it is
 * nothing but `host` or `host:port`.
 * @returns for example `http://127.0.0.1:4100`, or the empty text when the header does not parse: links are then
 *   relative to the origin
 */
export function requestOrigin(protocol: string, host: string | undefined): string {
  if (host === undefined || host.length > MAX_HOST_LENGTH) return '';
  const match = HOST.exec(host);
  if (match === null) return '';
  const port = match[1];
  if (port !== undefined && (Number(port) === 0 || Number(port) > MAX_PORT)) return '';
  return `${protocol}://${host}`;
}
