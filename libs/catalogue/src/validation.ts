import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { PayloadClass } from './definition.js';
import type { Problem } from './envelope.js';
import { schemaOf } from './schema.js';

/** At most this many problems are told of one event: the first few are what its sender mends. */
const MAX_PROBLEMS = 20;

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, ownProperties: true });
const compiled = new WeakMap<PayloadClass<object>, ValidateFunction>();

/**
 * Checks a payload against its class's rules, compiled once a class.
 * @param data plain JSON (`parseJson().plain`)
 * @returns what is wrong, field by field; nothing when it conforms
 */
export function validatePayload(payload: PayloadClass<object>, data: unknown): readonly Problem[] {
  let validate = compiled.get(payload);
  if (validate === undefined) {
    validate = ajv.compile(schemaOf(payload));
    compiled.set(payload, validate);
  }
  return validate(data) ? NONE : (validate.errors ?? []).slice(0, MAX_PROBLEMS).map(problemOf);
}

const NONE: readonly Problem[] = [];

function problemOf(error: ErrorObject): Problem {
  const field = error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'required') {
    const missing = String(error.params['missingProperty']);
    return { field: field === '' ? missing : `${field}.${missing}`, problem: 'is required' };
  }
  if (error.keyword === 'enum') {
    return { field, problem: `must be one of ${(error.params['allowedValues'] as unknown[]).join(', ')}` };
  }
  return { field, problem: error.message ?? 'does not conform' };
}
