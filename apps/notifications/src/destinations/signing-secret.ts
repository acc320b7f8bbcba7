import { randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const BYTES = 32;

/** How long a secret that was replaced goes on being valid, hours. */
export const SIGNING_GRACE_HOURS = 24;

/** A new secret as Standard Webhooks writes them. */
export function newSigningSecret(): string {
  return `${PREFIX}${randomBytes(BYTES).toString('base64')}`;
}

/** What a sealed signing secret is sealed for. */
export function signingContext(destinationId: string): string {
  return `destination:${destinationId}:signing`;
}

/** What a config's sealed secrets are sealed for. */
export function configContext(destinationId: string): string {
  return `destination:${destinationId}:config`;
}
