import { getMetadataStorage } from 'class-validator';
import type { ApiParameter, Schema } from '@tidings/openapi';
import type { DescribedParameter } from './described-parameter.js';

/** How the rules of parameter-rules.ts read in JSON Schema, by their names; the others leave any text. */
const SCHEMAS: Readonly<Record<string, (constraints: readonly unknown[]) => Schema>> = {
  oneOf: (names) => ({ enum: names }),
  uuidText: () => ({ pattern: '^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$' }),
  unixSeconds: () => ({ pattern: '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$' }),
  storableText: () => ({ pattern: '^[^\\u0000]*$' }),
};

/** The parameters of a query class as OpenAPI describes them: their texts, and schemas from the class's rules. */
export function apiParameters(target: new () => object, parameters: readonly DescribedParameter[]): ApiParameter[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(target, '', false, false);
  return parameters.map(({ name, occurrence, description: text = name, example = '' }) => {
    const description = text.endsWith('.') ? text : `${text}.`;
    const schema = rules
      .filter(({ propertyName }) => propertyName === name)
      .map((rule): Schema => SCHEMAS[rule.name ?? '']?.((rule.constraints as unknown[] | undefined) ?? []) ?? {})
      .reduce((whole, part) => ({ ...whole, ...part }), { type: 'string' });
    if (occurrence === 'one') return { name, in: 'query', description, schema, example };
    return {
      name,
      in: 'query',
      description: occurrence === 'many' ? `${description} Repeatable.` : `${description} Repeatable, or by commas.`,
      schema: { type: 'array', items: schema },
      style: 'form',
      explode: true,
      example: [example],
    };
  });
}
