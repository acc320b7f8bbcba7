/** Headers of everything below `/console/`. */
export const CONSOLE_HEADERS = {
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
} as const;

/**
 * What the page may load and where it may connect to: its own origin. Styles that the components write at run time carry
 * the nonce; Trusted Types cannot be demanded, for React has no policy of its own.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * The page of one answer.
 * @param page as it is built
 * @param publicUrl where a proxy serves it; its path is the one thing that the browser cannot know by itself
 */
export function servedPage(page: string, nonce: string, publicUrl: string | undefined): string {
  const prefix = publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
  // The path of a parsed URL has no quotes and no angle brackets in it.
  return page.replace('<base href="/console/"', `<base href="${prefix}/console/"`).replaceAll('__NONCE__', nonce);
}

/** What is shown for the seconds in which the first start of a clone still builds the console. */
export const UNBUILT_PAGE = [
  '<!doctype html>',
  '<html lang="en"><head><meta charset="utf-8"><title>Tidings</title><meta http-equiv="refresh" content="2"></head>',
  '<body><h1>The console is being built</h1>',
  '<p>This page tries again by itself. If it stays, run <code>npm run build</code> where the server runs.</p></body></html>',
  '',
].join('\n');
