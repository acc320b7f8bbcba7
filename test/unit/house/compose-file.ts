import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

export const COMPOSE_FILE = join(import.meta.dirname, '../../../deploy/compose.yaml');

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: object;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
}

export function composeText(): string {
  return readFileSync(COMPOSE_FILE, 'utf8');
}

/** The file with its anchors and merges resolved, as an engine reads it. */
export function readCompose(text = composeText()): Compose {
  return parse(text, { merge: true }) as Compose;
}

/** What the compose specification's own schema says against a document; empty when nothing. */
export function schemaFaults(document: unknown): string[] {
  // The linter's package carries the specification's schema; it does not export it.
  const linter = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
  const text = readFileSync(join(linter, 'schemas/compose.schema.json'), 'utf8');
  const { $schema: _, ...schema } = JSON.parse(text) as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return validate(document) ? [] : (validate.errors ?? []).map((fault) => `${fault.instancePath} ${fault.message}`);
}

/**
 * Puts values where a compose file names variables, as an engine does: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`.
 *
 * @throws {Error} with the message, where a required one is not given
 */
function interpolated(value: string, given: Readonly<Record<string, string>>): string {
  return value.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, operator?: string, rest?: string) => {
    const found = given[name];
    if (found !== undefined && found !== '') return found;
    if (operator === '?') throw new Error(`${name}: ${rest}`);
    return rest ?? '';
  });
}

/**
 * What a service finds in its environment.
 *
 * @param given the variables of whoever starts the compose file
 * @throws {Error} with the file's own message, where a required one is not given
 */
export function environmentOf(
  { environment = {} }: ComposeService,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolated(value, given)]));
}
