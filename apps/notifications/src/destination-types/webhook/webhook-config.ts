import { isJsonObject, type JsonObject } from '@tidings/catalogue';
import type { ReadConfig } from '../destination-type.js';
import { MASK, MemberReader } from '../member-reader.js';
import { urlMeant } from './shown-url.js';
import { headerProblem, MAX_HEADERS, valueProblem } from './header-rules.js';

export const VERBS = ['get', 'post', 'put', 'patch'] as const;
export type Verb = (typeof VERBS)[number];

const MEMBERS = ['url', 'verb', 'custom_headers', 'sensitive_headers'] as const;
const MAX_URL = 2_048;
const MAX_NAME_SHOWN = 128;

/** A webhook's configuration, with all of its headers. */
export interface WebhookConfig {
  readonly url: string;
  /** One of {@link VERBS}, in the letters that it was given in. */
  readonly verb: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers whose values are secret, in the letters that they were given in. */
  readonly sensitive: readonly string[];
}

/** Puts together what is kept apart. */
export function joinedConfig({
  config,
  secrets,
}: {
  config: JsonObject;
  secrets: JsonObject | undefined;
}): WebhookConfig {
  const { url, verb, custom_headers: open, sensitive_headers: sensitive } = config;
  return {
    url: url as string,
    verb: verb as string,
    headers: { ...(open as Record<string, string>), ...(secrets?.['custom_headers'] as Record<string, string>) },
    sensitive: sensitive as string[],
  };
}

/** Takes the secret values out. */
export function partedConfig({ url, verb, headers, sensitive }: WebhookConfig): ReadConfig {
  const isSecret = ([name]: readonly [string, string]): boolean => isSensitive(name, sensitive);
  const all = Object.entries(headers);
  const secret = all.filter(isSecret);
  return {
    config: {
      url,
      verb,
      custom_headers: Object.fromEntries(all.filter((entry) => !isSecret(entry))),
      sensitive_headers: sensitive,
    },
    secrets: secret.length === 0 ? undefined : { custom_headers: Object.fromEntries(secret) },
  };
}

/**
 * Reads what a request says of a webhook.
 * @param former members that are left out stay as they are there
 * @throws {DomainError} `invalid_query` with everything that is wrong, field by field
 */
export function readWebhookConfig(params: unknown, former?: WebhookConfig): WebhookConfig {
  const reader = new MemberReader(params, 'config.params', MEMBERS, { url: former?.url, verb: former?.verb });
  const url = urlMeant(reader.value('url'), former?.url);
  const verb = reader.value('verb');
  const urlIssue = urlProblem(url);
  if (urlIssue !== undefined) reader.wrong('url', urlIssue);
  if (verbOf(verb) === undefined) reader.wrong('verb', `is required: one of ${VERBS.join(', ')}`);
  const kept = former && (originOf(url) === originOf(former.url) ? former : withoutSecrets(former));
  const headers = headersOf(reader, kept);
  const sensitive = sensitiveOf(reader, kept, headers);
  demandHidden(reader, kept, headers, sensitive);
  for (const [name, value] of Object.entries(headers)) {
    if (value === MASK) reader.wrong(`custom_headers.${name}`, `is hidden in answers as ${MASK}; send its value`);
  }
  reader.end();
  return { url: url as string, verb: verb as string, headers, sensitive };
}

/** Whether a header is among those whose values are secret; names of headers have no upper and lower case. */
export function isSensitive(name: string, sensitive: readonly string[]): boolean {
  return sensitive.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** @returns undefined for what is no verb of a webhook */
export function verbOf(verb: unknown): Verb | undefined {
  return typeof verb === 'string' ? VERBS.find((one) => one === verb.toLowerCase()) : undefined;
}

/** @returns what is wrong with an address that a user gave, as far as it can be told without looking it up */
function urlProblem(url: unknown): string | undefined {
  if (typeof url !== 'string' || url === '')
    return 'is required: where to send to, for example https://example.com/hook';
  if (url.length > MAX_URL) return `must not be longer than ${MAX_URL} characters`;
  if (!URL.canParse(url)) return 'is no URL; write one like https://example.com/hook';
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https:// or http://';
  if (username !== '' || password !== '') {
    return 'must not have a user or a password in it; put them into a header and name it in sensitive_headers';
  }
  if (url.includes(MASK)) return `is hidden in answers as ${MASK}; send all of it`;
  return undefined;
}

/** Undefined: it is no URL, which is said elsewhere. */
function originOf(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : undefined;
}

/** Secrets were given for one receiver: another one gets those only that are sent again. */
function withoutSecrets(config: WebhookConfig): WebhookConfig {
  const open = Object.entries(config.headers).filter(([name]) => !isSensitive(name, config.sensitive));
  return { ...config, headers: Object.fromEntries(open), sensitive: [] };
}

/** A value that was secret, and is not sent anew, stays secret. */
function demandHidden(
  reader: MemberReader,
  former: WebhookConfig | undefined,
  headers: Readonly<Record<string, string>>,
  sensitive: readonly string[],
): void {
  for (const name of former?.sensitive ?? []) {
    const header = Object.keys(headers).find((one) => one.toLowerCase() === name.toLowerCase());
    if (header === undefined || isSensitive(header, sensitive) || headers[header] !== formerValue(name, former))
      continue;
    reader.wrong('sensitive_headers', `must go on naming "${header}", whose value is secret; or send another value`);
  }
}

function headersOf(reader: MemberReader, former: WebhookConfig | undefined): Readonly<Record<string, string>> {
  const given = reader.value('custom_headers');
  if (given === undefined) return former?.headers ?? {};
  if (!isJsonObject(given) || Object.keys(given).length > MAX_HEADERS) {
    reader.wrong('custom_headers', `must be a JSON object of up to ${MAX_HEADERS} header names and values`);
    return {};
  }
  const headers: [string, string][] = [];
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(given)) {
    const problem = headerProblem(name, seen) ?? valueProblem(value);
    if (problem !== undefined) reader.wrong(`custom_headers.${name}`, problem);
    seen.add(name.toLowerCase());
    const kept = value === MASK ? formerValue(name, former) : undefined;
    headers.push([name, kept ?? String(value)]);
  }
  return Object.fromEntries(headers);
}

function formerValue(name: string, former: WebhookConfig | undefined): string | undefined {
  return Object.entries(former?.headers ?? {}).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
}

/** @returns the names as they were given; those that no header has are refused, for a misspelt one would be shown */
function sensitiveOf(
  reader: MemberReader,
  former: WebhookConfig | undefined,
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const given = reader.value('sensitive_headers');
  const isLeftOut = given === undefined;
  const names: unknown = isLeftOut ? (former?.sensitive ?? []) : given;
  if (!Array.isArray(names) || names.length > MAX_HEADERS || !names.every((name) => typeof name === 'string')) {
    reader.wrong('sensitive_headers', `must be an array of up to ${MAX_HEADERS} names of custom_headers`);
    return [];
  }
  const known = Object.keys(headers);
  const unknown = names.find((name) => !isSensitive(name, known));
  if (unknown !== undefined && !isLeftOut) {
    const name = unknown.slice(0, MAX_NAME_SHOWN);
    reader.wrong('sensitive_headers', `"${name}" is not among custom_headers; add it there, or leave it out here`);
  }
  return names.filter((name) => isSensitive(name, known));
}
