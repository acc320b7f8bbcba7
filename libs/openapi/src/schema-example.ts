import type { Schema } from './operation.js';

/**
 * The example of a schema: its own, or one put together from those of its members. Members without an example are left out.
 * @returns undefined where nothing has an example
 */
export function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): unknown {
  if ('example' in schema) return schema['example'];
  const { $ref: reference, type, properties, items, anyOf, allOf } = schema;
  if (typeof reference === 'string') return exampleOf(schemas[reference.split('/').at(-1) ?? ''] ?? {}, schemas);
  const [alternative] = (anyOf ?? allOf ?? []) as readonly Schema[];
  if (alternative !== undefined) return exampleOf(alternative, schemas);
  if ([type].flat().includes('array')) {
    const item = exampleOf((items ?? {}) as Schema, schemas);
    return item === undefined ? undefined : [item];
  }
  if (typeof properties !== 'object') return undefined;
  const members = Object.entries(properties as Readonly<Record<string, Schema>>)
    .map(([name, member]) => [name, exampleOf(member, schemas)] as const)
    .filter(([, example]) => example !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}
