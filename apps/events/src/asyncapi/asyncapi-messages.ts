import { canonicalJson, type Catalogue, type EventType, type JsonSchema } from '@tidings/catalogue';
import type { Schema } from '@tidings/openapi';
import { DEAD_LETTER_HEADERS, EVENT_HEADERS, RAW_NATIVE_HEADERS } from './message-headers.js';

export interface Reference {
  readonly $ref: string;
}

/** A message as the document has it. */
export interface DocumentedMessage {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly contentType: string;
  readonly traits?: readonly Reference[];
  readonly headers: Schema;
  readonly payload: Schema;
  readonly tags?: readonly { readonly name: string }[];
  readonly examples?: readonly { readonly name: string; readonly payload: unknown }[];
  readonly bindings?: object;
}

/** What every event has, whatever its type. */
export const EVENT_TRAIT = {
  name: 'CloudEvent',
  headers: EVENT_HEADERS,
  bindings: {
    kafka: {
      key: { type: 'string', description: 'The subject: events of one entity keep their order.' },
      bindingVersion: '0.5.0',
    },
  },
} as const;

const JSON_TYPE = 'application/json';
const TRAITS = [{ $ref: '#/components/messageTraits/event' }];
const ANYTHING = { description: 'Whatever the producer says.' };

/** Messages that are of no declared type. */
export const OTHER_MESSAGES = {
  undeclared: {
    name: 'undeclared',
    title: 'An event of a type that nobody declared',
    summary: 'A system sent it natively, so it is kept all the same.',
    contentType: JSON_TYPE,
    traits: TRAITS,
    headers: { type: 'object' },
    payload: ANYTHING,
  },
  'raw-native': {
    name: 'raw-native',
    title: 'A native event without a usable type, time or shape',
    summary: 'As it came; it becomes a dead letter.',
    contentType: 'application/octet-stream',
    headers: RAW_NATIVE_HEADERS,
    payload: ANYTHING,
  },
  'dead-letter': {
    name: 'dead-letter',
    title: 'A message that could not be kept as an event',
    summary: 'As it came, with its headers, and with where it lay and why. `GET /api/dead-letters/` has it, too.',
    contentType: 'application/octet-stream',
    headers: DEAD_LETTER_HEADERS,
    payload: ANYTHING,
  },
} as const satisfies Readonly<Record<string, DocumentedMessage>>;

/** The messages of all declared types, and the schemas of their payloads: one for as many types as it is the same of. */
export interface EventMessages {
  /** By {@link componentName}. */
  readonly messages: Readonly<Record<string, DocumentedMessage>>;
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

export function eventMessages(catalogue: Catalogue): EventMessages {
  const names = new Map<string, string>();
  const schemas: Record<string, JsonSchema> = {};
  const messages = catalogue.types().map((type): [string, DocumentedMessage] => {
    const { $schema: _, $id, title, ...payload } = type.schema;
    const text = canonicalJson(payload);
    const name = names.get(text) ?? componentName(type.type);
    names.set(text, name);
    schemas[name] = payload;
    return [componentName(type.type), messageOf(type, `#/components/schemas/${name}`)];
  });
  return { messages: Object.fromEntries(messages), schemas };
}

/** A type's name as the keys of components may be spelt: without the colon that some have. */
export function componentName(type: string): string {
  return type.replaceAll(/[^A-Za-z0-9._-]/g, '_');
}

function messageOf(
  { type, nativeType, summary, groups, dataschema, example }: EventType,
  $ref: string,
): DocumentedMessage {
  return {
    name: type,
    title: nativeType,
    summary,
    contentType: JSON_TYPE,
    traits: TRAITS,
    headers: {
      type: 'object',
      properties: {
        ce_type: { type: 'string', const: type },
        ce_dataschema: { type: 'string', default: dataschema },
      },
    },
    payload: { $ref },
    tags: groups.map((name) => ({ name })),
    examples: [{ name: 'example', payload: example }],
  };
}
