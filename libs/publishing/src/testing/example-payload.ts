import { catalogue as tidingsCatalogue, type Catalogue, type Payloads } from '@tidings/catalogue';
import { PublishError } from '../publish-error.js';

/** Some fields of a payload, at any depth; lists are given whole. */
export type Overrides<P> = P extends readonly unknown[]
  ? P
  : P extends object
    ? { readonly [Field in keyof P]?: Overrides<P[Field]> }
    : P;

/**
 * A payload that fits its event type: the catalogue's example, with some fields of the test's own.
 * @param overrides `undefined` takes a field away
 * @param catalogue where the type is declared; default that of Tidings
 * @throws {PublishError} where there is no such type, or the payload does not fit with these fields
 */
export function exampleOf<Type extends keyof Types & string, Types extends object = Payloads>(
  type: Type,
  overrides?: Overrides<Types[Type]>,
  catalogue: Catalogue = tidingsCatalogue,
): Types[Type] {
  const declared = catalogue.type(type);
  if (declared === undefined) {
    const nearest = catalogue.nearest(type);
    const problem = nearest.length === 0 ? 'is not declared' : `is not declared; did you mean ${nearest.join(' or ')}?`;
    throw new PublishError('UNKNOWN_TYPE', type, [{ field: 'type', problem }], nearest);
  }
  const payload = merged(declared.example, overrides);
  const problems = declared.validate(payload);
  if (problems.length > 0) throw new PublishError('INVALID_PAYLOAD', type, problems);
  return payload as Types[Type];
}

function merged(example: unknown, overrides: unknown): unknown {
  if (overrides === undefined) return structuredClone(example);
  if (!isPlain(overrides)) return overrides;
  const base = isPlain(example) ? structuredClone(example) : {};
  for (const [field, value] of Object.entries(overrides)) {
    if (value === undefined) delete base[field];
    else base[field] = merged(base[field], value);
  }
  return base;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
