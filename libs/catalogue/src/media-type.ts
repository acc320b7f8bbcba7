/** What a `Content-Type` header says. */
export interface MediaType {
  /** Type and subtype in lower case, without parameters; empty where there is no header. */
  readonly essence: string;
  /** In lower case; undefined where none is named. */
  readonly charset: string | undefined;
}

export function parseMediaType(header: string | undefined): MediaType {
  const [essence = '', ...parameters] = (header ?? '').split(';');
  let charset: string | undefined;
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (name.trim().toLowerCase() === 'charset') charset = value.trim().replaceAll('"', '').toLowerCase();
  }
  return { essence: essence.trim().toLowerCase(), charset };
}

/** `application/json`, `text/json` and whatever ends in `+json`: what CloudEvents takes for JSON. */
export function isJsonMediaType(essence: string): boolean {
  return /^[^/\s]+\/(?:json|[^/\s]+\+json)$/.test(essence);
}

/** JSON is UTF-8, of which ASCII is a part. */
export function isUtf8Charset(charset: string | undefined): boolean {
  return charset === undefined || ['utf-8', 'utf8', 'us-ascii'].includes(charset);
}
