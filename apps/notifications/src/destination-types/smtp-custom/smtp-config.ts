import type { JsonObject } from '@tidings/catalogue';
import type { ReadConfig } from '../destination-type.js';
import { masked, MemberReader, present } from '../member-reader.js';

const MEMBERS = ['domain', 'host', 'port', 'tls', 'username', 'password'] as const;
/** `host` left out, as IBM's clients do: the domain itself takes the mail. `starttls` where the server offers none fails: credentials and mail never travel in clear by accident. */
const TLS_MODES = ['starttls', 'tls', 'none'] as const;

const DOMAIN = {
  pattern: /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/,
  must: 'the domain that the mail comes from, for example notify.example.com',
};
const HOST = {
  pattern: /^[A-Za-z0-9._:-]{1,253}$/,
  must: 'the mail server to hand the mail to, for example smtp.example.com',
};
const ANY = { pattern: /^[^\p{Cc}]{1,1024}$/u, must: 'a text without control characters' };

/** @throws {DomainError} `invalid_query` naming the field */
export function readSmtpConfig(params: unknown, former?: ReadConfig): ReadConfig {
  const reader = new MemberReader(params, 'config.params', MEMBERS, { ...former?.config, ...former?.secrets });
  const username = reader.text('username', ANY);
  const password = reader.text('password', ANY);
  if (username !== undefined && password === undefined)
    reader.wrong('password', 'is required where there is a username');
  if (username === undefined && password !== undefined)
    reader.wrong('username', 'is required where there is a password');
  const config = present({
    domain: reader.requiredText('domain', DOMAIN).toLowerCase(),
    host: reader.text('host', HOST),
    port: reader.wholeNumber('port', 1, 65_535),
    tls: reader.choice('tls', TLS_MODES),
    username,
  });
  reader.end();
  return { config, secrets: password === undefined ? undefined : { password } };
}

export function viewSmtpConfig({ config, secrets }: ReadConfig): JsonObject {
  return present({ ...config, password: masked(secrets?.['password']) });
}
