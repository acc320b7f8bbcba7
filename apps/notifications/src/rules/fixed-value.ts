import type { Expression, Literal } from './filter-expression.js';
import type { FixedValue } from './filter.js';
import { eventPath, type EventPath } from './path-reader.js';

/** The member that an expression demands to have one of a few values, other than the event's type. */
export function fixedValueOf(expression: Expression): FixedValue | undefined {
  switch (expression.kind) {
    case 'comparison':
      return equalityOf(expression, true);
    case 'and':
      return expression.parts.map(fixedValueOf).find((fixed) => fixed !== undefined);
    case 'or':
      return joined(expression.parts.map(fixedValueOf));
    default:
      return undefined;
  }
}

/** Where each of the parts says no more than that the same member equals something. */
export function fixedByAll(parts: readonly Expression[], isOutermost: boolean): FixedValue | undefined {
  return joined(parts.map((part) => (part.kind === 'comparison' ? equalityOf(part, isOutermost) : undefined)));
}

function equalityOf(
  { operator, left, right }: Extract<Expression, { kind: 'comparison' }>,
  isOutermost: boolean,
): FixedValue | undefined {
  if (operator !== '==') return undefined;
  return valueOf(left, right, isOutermost) ?? valueOf(right, left, isOutermost);
}

function valueOf(path: Expression, literal: Expression, isOutermost: boolean): FixedValue | undefined {
  if (path.kind !== 'path' || literal.kind !== 'literal') return undefined;
  const ofEvent = eventPath(path, isOutermost);
  return ofEvent === undefined ? undefined : { path: ofEvent, values: new Set<Literal>([literal.value]) };
}

function joined(fixed: readonly (FixedValue | undefined)[]): FixedValue | undefined {
  const values = new Set<unknown>();
  let path: EventPath | undefined;
  for (const one of fixed) {
    if (one === undefined || (path !== undefined && one.path !== path)) return undefined;
    path = one.path;
    for (const value of one.values) values.add(value);
  }
  return path === undefined ? undefined : { path, values };
}
