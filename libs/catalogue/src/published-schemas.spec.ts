import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { catalogue } from './systems/index.js';

// Strict: keywords, types and formats that somebody else's validator may not know are errors.
const ajv = new Ajv2020({ strict: true, allErrors: true });

describe('the schemas that are published', () => {
  it.each(catalogue.types().map((type) => [type.type, type] as const))(
    '%s: each version compiles in strict mode, and the current one allows the example',
    (_name, type) => {
      for (const version of type.versions) {
        const schema = type.schemaOf(version) ?? {};
        const validate = ajv.compile(schema);
        expect(schema['$id']).toBe(type.dataschema.replace(/\d+$/, String(version)));
        if (version === type.version) expect(validate(type.example), ajv.errorsText(validate.errors)).toBe(true);
      }
    },
  );
});
