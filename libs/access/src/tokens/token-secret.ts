import { randomBytes } from 'node:crypto';
import { digestToken } from '../token-store.js';

/** So that a token is recognised where it does not belong: in a log, in a repository. */
const PREFIX = 'tdg_';
const SECRET_BYTES = 32;

/** Makes up a secret. @returns its text, which is shown once, and the digest that is kept */
export function issueSecret(): { readonly digest: Buffer; readonly secret: string } {
  const secret = PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
  return { digest: digestToken(secret), secret };
}
