import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** @param secret `whsec_` and base64. @returns the key that signs */
export function signingKey(secret: string): Buffer {
  return Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
}

/**
 * Signs by Standard Webhooks: `v1,<base64>` for each key, so that a receiver accepts the message whichever of them it
 * knows.
 * @param timestamp seconds since the Unix epoch, of this attempt
 * @param body the very bytes that are sent
 */
export function signatureOf(keys: readonly Buffer[], messageId: string, timestamp: number, body: Buffer): string {
  return keys
    .map((key) => {
      const hmac = createHmac('sha256', key).update(`${messageId}.${timestamp}.`).update(body);
      return `v1,${hmac.digest('base64')}`;
    })
    .join(' ');
}
