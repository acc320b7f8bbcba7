const STYLE = [
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}',
  'details{border:1px solid #ccc;border-radius:4px;margin:.4rem 0;padding:.4rem .8rem}summary{cursor:pointer}',
  'code{background:#f2f2f2;padding:0 .2em}table{border-collapse:collapse;width:100%;margin:.5rem 0}',
  'td,th{border-top:1px solid #ddd;padding:.2rem .5rem;text-align:left;vertical-align:top}',
  'pre{background:#f2f2f2;padding:.6rem;overflow:auto;max-height:20rem}',
].join('\n');

/** What a page with {@link htmlPage} may load: nothing. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
} as const;

/**
 * A page that needs no script and nothing from elsewhere.
 * @param title plain text
 * @param parts HTML
 */
export function htmlPage(title: string, parts: readonly string[]): string {
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${text(title)}</title>`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head><body>`,
    ...parts,
    '</body></html>\n',
  ].join('\n');
}

/** Text with code in backticks, as HTML. */
export function prose(markdown: string): string {
  return text(markdown).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** Plain text as HTML. */
export function text(plain: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return plain.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
