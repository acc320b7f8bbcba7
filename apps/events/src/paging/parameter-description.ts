import { getMetadataStorage } from 'class-validator';
import type { ApiParameter, Schema } from '@tidings/openapi';
import type { DescribedParameter } from './described-parameter.js';

/** What class-validator keeps of a rule. */
interface Rule {
  readonly name?: string | undefined;
  readonly constraints?: readonly unknown[] | undefined;
}

/** Which values the rules of parameter-rules.ts leave, by their names, as {@link DescribedParameter.pattern}. */
const PATTERNS: Readonly<Record<string, string>> = {
  uuidText: '[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}',
  unixSeconds: '\\s*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\s*',
  storableText: '[^\\u0000]*',
};

/** The parameters of a query class as OpenAPI describes them: their texts, and schemas from the class's rules. */
export function apiParameters(target: new () => object, parameters: readonly DescribedParameter[]): ApiParameter[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(target, '', false, false);
  return parameters.map((parameter) => {
    const { name, occurrence, description: text = name, example = '' } = parameter;
    const description = text.endsWith('.') ? text : `${text}.`;
    const own = rules.filter(({ propertyName }) => propertyName === name);
    const schema = { type: 'string', ...own.map(schemaOf(parameter)).reduce(merged, schemaOfPattern(parameter)) };
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

/** An empty value is as good as none: every schema lets it through. */
function schemaOf({ occurrence }: DescribedParameter): (rule: Rule) => Schema {
  return ({ name = '', constraints = [] }) => {
    if (name !== 'oneOf') return schemaOfPattern({ pattern: PATTERNS[name] });
    const names = constraints as readonly string[];
    if (occurrence !== 'many-by-commas') return { enum: [...names, ''] };
    return schemaOfPattern({ pattern: `(${names.join('|')})?(,(${names.join('|')})?)*` });
  };
}

function schemaOfPattern({ pattern }: { readonly pattern?: string | undefined }): Schema {
  return pattern === undefined ? {} : { pattern: `^(${pattern})?$` };
}

function merged(whole: Schema, part: Schema): Schema {
  return { ...whole, ...part };
}
