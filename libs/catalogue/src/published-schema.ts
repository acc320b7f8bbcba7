import type { PayloadClass } from './definition.js';
import { schemaOf, type JsonSchema } from './schema.js';

/** What `dataschema` says for a version of a type. */
export function dataschemaOf(type: string, version: number): string {
  return `urn:tidings:schema:${type}:${version}`;
}

/**
 * A payload's schema as it is handed out. Its `$id` is what `dataschema` says, so that a validator finds it by that; and it
 * is written so that strict validators take it, which want one type where there are several to choose from.
 */
export function publishedSchema(type: string, version: number, payload: PayloadClass<object>): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: dataschemaOf(type, version),
    title: type,
    ...strict(schemaOf(payload)),
  };
}

function strict(schema: JsonSchema): JsonSchema {
  const { type, ...others } = schema;
  const inner = Object.entries(others).map(([keyword, value]) => [keyword, strictInside(keyword, value)]);
  const rest = Object.fromEntries(inner) as JsonSchema;
  if (type === undefined) return rest;
  const isChoice = Array.isArray(type) && type.filter((name) => name !== 'null').length > 1;
  return isChoice ? { anyOf: type.map((name: unknown) => ({ type: name })), ...rest } : { type, ...rest };
}

/** Which keywords hold schemas, of those that classes give. */
function strictInside(keyword: string, value: unknown): unknown {
  if (keyword === 'properties') {
    const properties = Object.entries(value as Readonly<Record<string, JsonSchema>>);
    return Object.fromEntries(properties.map(([name, property]) => [name, strict(property)]));
  }
  if (keyword === 'anyOf' || keyword === 'allOf' || keyword === 'oneOf') return (value as JsonSchema[]).map(strict);
  return (keyword === 'items' || keyword === 'not') && isSchema(value) ? strict(value) : value;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
