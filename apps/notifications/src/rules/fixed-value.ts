import { ExactNumber } from '@tidings/catalogue';
import type { Expression } from './filter-expression.js';
import type { FixedValue } from './filter.js';
import type { EventPath, EventPathFinder } from './event-path.js';
import { eventPath } from './path-reader.js';

/** The member that an expression demands to have one of a few values, other than the event's type. */
export function fixedValueOf(expression: Expression, find: EventPathFinder): FixedValue | undefined {
  switch (expression.kind) {
    case 'comparison':
      return equalityOf(expression, true, find);
    case 'and':
      return partsOf(expression.parts, find).find((fixed) => fixed !== undefined);
    case 'or':
      return joined(partsOf(expression.parts, find));
    default:
      return undefined;
  }
}

/** Where each of the parts says no more than that the same member equals something. */
export function fixedByAll(
  parts: readonly Expression[],
  isOutermost: boolean,
  find: EventPathFinder,
): FixedValue | undefined {
  return joined(parts.map((part) => (part.kind === 'comparison' ? equalityOf(part, isOutermost, find) : undefined)));
}

function partsOf(parts: readonly Expression[], find: EventPathFinder): readonly (FixedValue | undefined)[] {
  return parts.map((part) => fixedValueOf(part, find));
}

function equalityOf(
  { operator, left, right }: Extract<Expression, { kind: 'comparison' }>,
  isOutermost: boolean,
  find: EventPathFinder,
): FixedValue | undefined {
  if (operator !== '==') return undefined;
  return valueOf(left, right, isOutermost, find) ?? valueOf(right, left, isOutermost, find);
}

function valueOf(
  path: Expression,
  literal: Expression,
  isOutermost: boolean,
  find: EventPathFinder,
): FixedValue | undefined {
  if (path.kind !== 'path' || literal.kind !== 'literal') return undefined;
  // No set finds a number that is kept digit by digit: it is an object, and another one in each event.
  if (literal.value instanceof ExactNumber) return undefined;
  const ofEvent = eventPath(path, isOutermost, find);
  return ofEvent === undefined ? undefined : { path: ofEvent, values: new Set<unknown>([literal.value]) };
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
