import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { PayloadClass } from './definition.js';
import type { Problem } from './envelope.js';
import { schemaOf } from './schema.js';

/** At most this many problems are told of one event: the first few are what its sender mends. */
const MAX_PROBLEMS = 20;

const OPTIONS = { strict: false, validateFormats: false, ownProperties: true } as const;

/** Stops at the first problem, of which nearly every event has none. */
const conforming = compiler(new Ajv2020(OPTIONS));
/** Finds every problem; for those who have one. */
const explaining = compiler(new Ajv2020({ ...OPTIONS, allErrors: true }));

/** Compiles each class once, when the first event of it comes. */
function compiler(ajv: Ajv2020): (payload: PayloadClass<object>) => ValidateFunction {
  const compiled = new WeakMap<PayloadClass<object>, ValidateFunction>();
  return (payload) => {
    let validate = compiled.get(payload);
    if (validate === undefined) {
      validate = ajv.compile(schemaOf(payload));
      compiled.set(payload, validate);
    }
    return validate;
  };
}

/**
 * Checks a payload against its class's rules.
 * @param data plain JSON (`parseJson().plain`)
 * @returns what is wrong, field by field; nothing when it conforms
 */
export function validatePayload(payload: PayloadClass<object>, data: unknown): readonly Problem[] {
  const conforms = conforming(payload);
  if (conforms(data)) return NONE;
  const explains = explaining(payload);
  // A list of half a million wrong items would make as many problems; what is wrong beyond its first ones is told alone.
  const errors = explains(shortened(data)) ? conforms.errors : explains.errors;
  return (errors ?? []).slice(0, MAX_PROBLEMS).map(problemOf);
}

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, MAX_PROBLEMS).map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shortened(member)]));
}

const NONE: readonly Problem[] = [];

function problemOf({ instancePath, keyword, params, message }: ErrorObject): Problem {
  const field = instancePath.slice(1).split('/').map(unescaped).join('.');
  switch (keyword) {
    case 'required': {
      const missing = String(params['missingProperty']);
      return { field: field === '' ? missing : `${field}.${missing}`, problem: 'is required' };
    }
    case 'enum':
      return { field, problem: `must be ${listed(params['allowedValues'] as unknown[], 'one of ')}` };
    case 'type':
      return { field, problem: `must be ${listed([params['type']].flat(), '')}` };
    default:
      return { field, problem: message ?? 'does not conform' };
  }
}

/** Whoever sends a wrong value wants to know the right ones; that none at all is right as well does not help. */
function listed(values: readonly unknown[], several: string): string {
  const said = values.filter((value) => value !== null && value !== 'null').map(String);
  return said.length > 1 ? `${several}${said.join(', ')}` : said.join();
}

/** A step of a JSON pointer as the field is called. */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
