import 'reflect-metadata';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import type { PayloadClass } from './definition.js';

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const schemas = new WeakMap<PayloadClass<object>, JsonSchema>();

/**
 * The JSON Schema of a payload class, from its class-validator decorators. Nested classes are written in place,
 * optional fields may be null (that is what `@IsOptional()` means), and further fields are allowed: a newer producer
 * must not be turned away for saying more.
 */
export function schemaOf(payload: PayloadClass<object>): JsonSchema {
  let schema = schemas.get(payload);
  if (schema === undefined) {
    schema = derive(payload);
    schemas.set(payload, schema);
  }
  return schema;
}

function derive(payload: PayloadClass<object>): JsonSchema {
  const own = targetConstructorToSchema(payload, {
    skipMissingProperties: false,
    additionalConverters: {
      nestedValidation: (meta) => {
        const nested: unknown =
          typeof meta.target === 'function'
            ? Reflect.getMetadata('design:type', meta.target.prototype as object, meta.propertyName)
            : undefined;
        if (typeof nested !== 'function' || nested === Object || nested === Array) {
          throw new TypeError(`${payload.name}.${meta.propertyName}: @ValidateNested needs a property of a class type`);
        }
        return schemaOf(nested as PayloadClass<object>);
      },
    },
  });
  const required = new Set(own.required ?? []);
  const properties = Object.fromEntries(
    Object.entries((own.properties ?? {}) as Record<string, JsonSchema>).map(([name, property]) => [
      name,
      required.has(name) ? property : nullable(property),
    ]),
  );
  return { type: 'object', properties, ...(required.size > 0 && { required: [...required].sort() }) };
}

function nullable(property: JsonSchema): JsonSchema {
  const { type, enum: values } = property;
  if (typeof type === 'string' || Array.isArray(type)) {
    return {
      ...property,
      type: [type, 'null'].flat(),
      ...(Array.isArray(values) && { enum: [...(values as readonly unknown[]), null] }),
    };
  }
  // A property that names no type takes anything already.
  if (Object.keys(property).every((keyword) => keyword === 'description')) return property;
  return { anyOf: [property, { type: 'null' }] };
}
