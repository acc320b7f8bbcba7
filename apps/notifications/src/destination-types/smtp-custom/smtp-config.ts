import { DELIVERY_LIMITS, isJsonObject, type JsonObject } from '@tidings/catalogue';
import type { ReadConfig } from '../destination-type.js';
import { keepingSecrets, masked, type MemberReader, present } from '../member-reader.js';

const MEMBERS = ['domain', 'host', 'port', 'tls', 'username', 'password', 'dkim', 'spf'] as const;
/** Where the password goes, and how safely. */
const ADDRESS = ['host', 'port', 'tls'] as const;
/** `host` left out, as IBM's clients do: the domain itself takes the mail. `starttls` where the server offers none fails: credentials and mail never travel in clear by accident. */
const TLS_MODES = ['starttls', 'tls', 'none'] as const;

const MAX_TEXTS = 10;
const MAX_RECORD = DELIVERY_LIMITS.recordText.value;

const DOMAIN = {
  pattern: /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/,
  must: 'the domain that the mail comes from, for example notify.example.com',
};
const HOST = {
  pattern: /^[A-Za-z0-9._:-]{1,253}$/,
  must: 'the mail server to hand the mail to, for example smtp.example.com',
};

/** @throws {DomainError} `invalid_query` naming the field */
export function readSmtpConfig(params: unknown, former?: ReadConfig): ReadConfig {
  // Without a host, the domain is the address.
  const address = former?.config['host'] === undefined ? [...ADDRESS, 'domain'] : ADDRESS;
  const reader = keepingSecrets(params, MEMBERS, former, address);
  const { username, password } = reader.credentials();
  const config = present({
    domain: reader.requiredText('domain', DOMAIN),
    host: reader.text('host', HOST),
    port: reader.wholeNumber('port', 1, 65_535),
    tls: reader.choice('tls', TLS_MODES),
    username,
    dkim: recordOf(reader, 'dkim'),
    spf: recordOf(reader, 'spf'),
  });
  reader.end();
  return { config, secrets: password === undefined ? undefined : { password } };
}

/** What IBM says of a domain's DNS is kept for its clients: here the mail server signs, and the domain's own DNS tells. */
function recordOf(reader: MemberReader, name: 'dkim' | 'spf'): JsonObject | undefined {
  const value = reader.value(name);
  if (value === undefined) return undefined;
  const texts = isJsonObject(value) ? Object.entries(value) : [];
  const isGood = texts.every(
    ([key, text]) => key.length <= MAX_RECORD && typeof text === 'string' && text.length <= MAX_RECORD,
  );
  if (isJsonObject(value) && texts.length <= MAX_TEXTS && isGood) return value;
  reader.wrong(
    name,
    `must be a JSON object of up to ${MAX_TEXTS} texts, such as public_key, selector and verification`,
  );
  return undefined;
}

export function viewSmtpConfig({ config, secrets }: ReadConfig): JsonObject {
  return present({ ...config, password: masked(secrets?.['password']) });
}
