import type { INestApplication } from '@nestjs/common';
import { digestToken, SessionService, TokenStore } from '@tidings/access';
import type { Environment } from '@tidings/runtime';

/**
 * Makes a link that opens the console signed in as the administrator, once and within ten minutes. What signs in stands
 * in the fragment, which browsers send to nobody.
 * @param url where the application listens
 * @returns undefined where there is no console, or no database to keep the code in
 */
export async function signInLink(
  app: INestApplication,
  { console: settings, roles, adminToken = '' }: Pick<Environment, 'console' | 'roles' | 'adminToken'>,
  url: string,
): Promise<string | undefined> {
  if (!settings.enabled || !roles.includes('api')) return undefined;
  const admin = await app.get(TokenStore, { strict: false }).find(digestToken(adminToken));
  if (admin === undefined) return undefined;
  const { code } = await app.get(SessionService, { strict: false }).issueCode(admin);
  return `${settings.publicUrl ?? url}/console/#code=${code}`;
}
