import { isJsonObject, type JsonObject } from '@tidings/catalogue';
import { invalidQuery, nearestName } from '@tidings/runtime';
import type { ReadConfig } from '../destination-type.js';
import { headerProblem, MAX_HEADERS, valueProblem } from './header-rules.js';

export const VERBS = ['get', 'post', 'put', 'patch'] as const;
export type Verb = (typeof VERBS)[number];

const MEMBERS = ['url', 'verb', 'custom_headers', 'sensitive_headers'] as const;
const MAX_URL = 2_048;
const FIELD = 'config.params';

/** What answers have in the place of a secret. A request that brings it back keeps what there is. */
export const MASK = '********';

/** A webhook's configuration, with all of its headers. */
export interface WebhookConfig {
  readonly url: string;
  readonly verb: Verb;
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers whose values are secret, as they are written in `headers`. */
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
    verb: verb as Verb,
    headers: { ...(open as Record<string, string>), ...(secrets?.['custom_headers'] as Record<string, string>) },
    sensitive: sensitive as string[],
  };
}

/** Takes the secret values out. */
export function partedConfig({ url, verb, headers, sensitive }: WebhookConfig): ReadConfig {
  const isSecret = ([name]: readonly [string, string]): boolean => sensitive.includes(name);
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
  if (!isJsonObject(params)) {
    throw invalidQuery({
      [FIELD]: [`must be a JSON object with url and verb; it may have ${MEMBERS.slice(2).join(', ')}`],
    });
  }
  const problems = new Map<string, string>();
  for (const name of Object.keys(params)) {
    if ((MEMBERS as readonly string[]).includes(name)) continue;
    const nearest = nearestName(name, MEMBERS);
    const fix = nearest === undefined ? `there are ${MEMBERS.join(', ')}` : `did you mean ${nearest}?`;
    problems.set(`${FIELD}.${name}`, `is not known here; ${fix}`);
  }
  const url = params['url'] ?? former?.url;
  const verb = verbOf(params['verb'] ?? former?.verb);
  const urlIssue = urlProblem(url);
  if (urlIssue !== undefined) problems.set(`${FIELD}.url`, urlIssue);
  if (verb === undefined) problems.set(`${FIELD}.verb`, `is required: one of ${VERBS.join(', ')}`);
  const headers = headersOf(params['custom_headers'], former, problems);
  const sensitive = sensitiveOf(params['sensitive_headers'], former, headers, problems);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== MASK) continue;
    problems.set(`${FIELD}.custom_headers.${name}`, `is hidden in answers as ${MASK}; send its value`);
  }
  if (problems.size > 0) {
    throw invalidQuery(Object.fromEntries([...problems].map(([field, problem]) => [field, [problem]])));
  }
  return { url: url as string, verb: verb ?? 'post', headers, sensitive };
}

function verbOf(verb: unknown): Verb | undefined {
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
  return undefined;
}

function headersOf(
  given: unknown,
  former: WebhookConfig | undefined,
  problems: Map<string, string>,
): Readonly<Record<string, string>> {
  const field = `${FIELD}.custom_headers`;
  if (given === undefined || given === null) return former?.headers ?? {};
  if (!isJsonObject(given) || Object.keys(given).length > MAX_HEADERS) {
    problems.set(field, `must be a JSON object of up to ${MAX_HEADERS} header names and values`);
    return {};
  }
  const headers: [string, string][] = [];
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(given)) {
    const problem = headerProblem(name, seen) ?? valueProblem(value);
    if (problem !== undefined) problems.set(`${field}.${name}`, problem);
    seen.add(name.toLowerCase());
    const kept = value === MASK ? formerValue(name, former) : undefined;
    headers.push([name, kept ?? String(value)]);
  }
  return Object.fromEntries(headers);
}

function formerValue(name: string, former: WebhookConfig | undefined): string | undefined {
  return Object.entries(former?.headers ?? {}).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
}

/** @returns the names as the headers have them; those that no header has are refused, for a misspelt one would be shown */
function sensitiveOf(
  given: unknown,
  former: WebhookConfig | undefined,
  headers: Readonly<Record<string, string>>,
  problems: Map<string, string>,
): readonly string[] {
  const field = `${FIELD}.sensitive_headers`;
  const isLeftOut = given === undefined || given === null;
  const names: unknown = isLeftOut ? (former?.sensitive ?? []) : given;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    problems.set(field, 'must be an array of names of custom_headers');
    return [];
  }
  const found: string[] = [];
  for (const name of new Set<string>(names)) {
    const header = Object.keys(headers).find((one) => one.toLowerCase() === name.toLowerCase());
    if (header !== undefined) found.push(header);
    else if (!isLeftOut)
      problems.set(field, `"${name}" is not among custom_headers; add it there, or leave it out here`);
  }
  return found;
}
