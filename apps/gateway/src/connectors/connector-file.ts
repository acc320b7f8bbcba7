import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ConnectorFile, StartError } from '@tidings/runtime';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { CONNECTOR_KINDS, type ConnectorKind, type ConnectorSettings } from './connector-settings.js';

/** Bounds what is read for one setting, bytes: certificates and secrets are small. */
const MAX_SETTING_BYTES = 1_048_576;

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Reads which connectors are wanted: `connectors:`, a list. Any text in it may be, or hold, `${NAME}`, a variable of the
 * environment, or be `{file: path}`, the text of a file (its path is taken from the folder of this one).
 * @returns the connectors, in their order
 * @throws {StartError} with one line for everything that is wrong, naming its place; never with a value
 */
export function readConnectorFile(file: ConnectorFile): readonly ConnectorSettings[] {
  const problems: string[] = [];
  const document = parseDocument(file.text, { prettyErrors: false, logLevel: 'silent' });
  for (const { code, linePos } of document.errors) {
    problems.push(`is no YAML: ${code}${linePos === undefined ? '' : ` in line ${linePos[0].line}`}`);
  }
  if (problems.length > 0) throw wrongFile(file, problems);
  const filled = new SettingTexts(file, problems).fill(plainTree(document, file), '');
  const connectors = problems.length > 0 ? [] : listOf(filled, problems);
  const read = connectors.map((one, index) => readOne(one, `connectors[${index}]`, problems));
  const settings = read.filter((one) => one !== undefined);
  problems.push(...twice(settings));
  if (problems.length > 0) throw wrongFile(file, problems);
  return settings;
}

function plainTree(document: ReturnType<typeof parseDocument>, file: ConnectorFile): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw wrongFile(file, ['refers to itself too often; write out what its aliases stand for']);
  }
}

function wrongFile({ path }: ConnectorFile, problems: readonly string[]): StartError {
  return new StartError(
    [`TIDINGS_CONNECTORS: ${path} is not as it should be:`, ...problems.map((one) => `  ${one}`)].join('\n'),
  );
}

/** Puts in what stands elsewhere: in variables and in files. */
class SettingTexts {
  constructor(
    private readonly file: ConnectorFile,
    private readonly problems: string[],
  ) {}

  fill(value: unknown, place: string): unknown {
    if (typeof value === 'string') return this.withVariables(value, place);
    if (Array.isArray(value)) return value.map((one, index) => this.fill(one, `${place}[${index}]`));
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value);
    const [only] = members;
    if (only !== undefined && members.length === 1 && only[0] === 'file' && typeof only[1] === 'string') {
      return this.textOf(this.withVariables(only[1], place), place);
    }
    return Object.fromEntries(
      members.map(([name, inner]) => [name, this.fill(inner, place === '' ? name : `${place}.${name}`)]),
    );
  }

  private withVariables(text: string, place: string): string {
    return text.replace(VARIABLE, (_, name: string) => {
      const value = this.file.variables[name];
      if (value === undefined) this.problems.push(`${place}: asks for the variable ${name}, which is not set; set it`);
      return value ?? '';
    });
  }

  private textOf(path: string, place: string): string {
    try {
      const bytes = readFileSync(resolve(dirname(this.file.path), path));
      if (bytes.length <= MAX_SETTING_BYTES) return bytes.toString('utf8').trim();
      this.problems.push(`${place}: names a file of more than ${MAX_SETTING_BYTES} bytes; name the right one`);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
      this.problems.push(`${place}: names a file that cannot be read (${code})`);
    }
    return '';
  }
}

function listOf(tree: unknown, problems: string[]): readonly unknown[] {
  const isObject = typeof tree === 'object' && tree !== null && !Array.isArray(tree);
  const entries = isObject ? Object.entries(tree) : [];
  for (const [name] of entries)
    if (name !== 'connectors') problems.push(`${name}: is not known here; there is connectors`);
  const list: unknown = entries.find(([name]) => name === 'connectors')?.[1];
  if (Array.isArray(list)) return list as readonly unknown[];
  problems.push('connectors: must be a list, each with its kind and its name');
  return [];
}

function readOne(given: unknown, place: string, problems: string[]): ConnectorSettings | undefined {
  const kind: unknown = typeof given === 'object' && given !== null && 'kind' in given ? given.kind : undefined;
  if (typeof kind !== 'string' || !isKind(kind)) {
    problems.push(`${place}.kind: must be one of ${Object.keys(CONNECTOR_KINDS).join(', ')}`);
    return undefined;
  }
  const { success, data, error } = CONNECTOR_KINDS[kind].safeParse(given);
  if (!success) {
    problems.push(...error.issues.map((issue) => problemOf(issue, place, kind)));
    return undefined;
  }
  problems.push(...contradictions(data).map((problem) => `${place}.${problem}`));
  return data;
}

function isKind(name: string): name is ConnectorKind {
  return Object.hasOwn(CONNECTOR_KINDS, name);
}

function problemOf(issue: z.core.$ZodIssue, place: string, kind: ConnectorKind): string {
  const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  if (issue.code !== 'unrecognized_keys') return `${place}${path}: ${issue.message}`;
  const known = Object.keys(CONNECTOR_KINDS[kind].shape).join(', ');
  return `${place}${path}.${issue.keys.join(', ')}: is no setting of a connector of the kind ${kind}; there are ${known}`;
}

/** What each setting for itself cannot see. */
function contradictions(settings: ConnectorSettings): readonly string[] {
  if (settings.kind !== 'lxd') return [];
  const { socket, url, client_certificate, client_key, server_certificate, ca } = settings;
  const certificates = [client_certificate, client_key, server_certificate, ca];
  const rules: readonly (readonly [broken: boolean, problem: string])[] = [
    [(socket === undefined) === (url === undefined), 'url: either it or socket is needed, and not both'],
    [
      (client_certificate === undefined) !== (client_key === undefined),
      'client_certificate: goes with client_key; give both',
    ],
    [
      server_certificate !== undefined && ca !== undefined,
      'server_certificate: is pinned, so ca has no effect; give one of them',
    ],
    [
      url?.startsWith('https:') !== true && certificates.some((one) => one !== undefined),
      'url: must begin with https:// where certificates are given',
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, problem]) => problem);
}

function twice(settings: readonly ConnectorSettings[]): readonly string[] {
  const names = settings.map(({ name }) => name);
  const doubled = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...doubled].map((name) => `connectors: two have the name ${name}; their names must differ`);
}
