import { Evaluation, StepsUsedUp } from './evaluation.js';
import type { Expression, PathExpression, Selector } from './filter-expression.js';
import { PAYLOAD_ALIAS, type Condition } from './path-reader.js';

/** Types come from outside, and each new one is held against all rules: what costs more than that is left to the event. */
const MAX_VERDICT_STEPS = 500;

/** Whether it holds of every event without a look: `$.*` and its like. */
export function isEverything(expression: Expression): boolean {
  if (expression.kind === 'literal') return expression.value === true;
  if (expression.kind !== 'path' || expression.from !== 'event') return false;
  const { segments } = expression;
  return segments.length === 0 || (segments.length === 1 && segments[0]?.selectors[0]?.kind === 'every');
}

/** The event types that an expression can hold of at all; undefined: it says nothing of them. */
export function eventTypesOf(expression: Expression): ReadonlySet<string> | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression.value === false ? new Set() : undefined;
    case 'and': {
      const sets = expression.parts.map(eventTypesOf).filter((types) => types !== undefined);
      return sets.reduce<ReadonlySet<string> | undefined>(
        (both, types) => (both === undefined ? types : new Set([...both].filter((type) => types.has(type)))),
        undefined,
      );
    }
    case 'or': {
      const either = new Set<string>();
      for (const part of expression.parts) {
        const types = eventTypesOf(part);
        if (types === undefined) return undefined;
        for (const type of types) either.add(type);
      }
      return either;
    }
    case 'comparison': {
      const { operator, left, right } = expression;
      if (operator !== '==') return undefined;
      const literal = isEventType(left) ? right : isEventType(right) ? left : undefined;
      if (literal?.kind !== 'literal') return undefined;
      return new Set(typeof literal.value === 'string' ? [literal.value] : []);
    }
    default:
      return undefined;
  }
}

/** Whether any path of it may lead into the payload. */
export function readsData(expression: Expression, isOutermost = true): boolean {
  switch (expression.kind) {
    case 'literal':
      return false;
    case 'and':
    case 'or':
      return expression.parts.some((part) => readsData(part, isOutermost));
    case 'not':
      return readsData(expression.of, isOutermost);
    case 'comparison':
      return readsData(expression.left, isOutermost) || readsData(expression.right, isOutermost);
    case 'likeness':
      return readsData(expression.left, isOutermost);
    case 'path':
      return pathReadsData(expression, isOutermost);
  }
}

function pathReadsData({ from, segments }: PathExpression, isOutermost: boolean): boolean {
  const [first] = segments;
  const conditions = segments.flatMap(({ selectors }) => selectors).flatMap(conditionIn);
  if (conditions.some((condition) => readsData(condition, false))) return true;
  // Beneath `@` of a `?( … )` lies only what the path around it has reached.
  if (from === 'current' && !isOutermost) return false;
  if (first === undefined || first.descends) return true;
  return first.selectors.some(
    (selector) => selector.kind !== 'name' || selector.name === 'data' || selector.name === PAYLOAD_ALIAS,
  );
}

function conditionIn(selector: Selector): readonly Expression[] {
  return selector.kind === 'where' ? [selector.condition] : [];
}

/**
 * What the event type alone decides of an expression, in three values.
 * @returns undefined where it depends on more
 */
export function verdictOn(
  expression: Expression,
  compile: (part: Expression) => Condition,
  eventType: string,
): boolean | undefined {
  if (isEverything(expression)) return true;
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const deciding = expression.kind === 'or';
      let isOpen = false;
      for (const part of expression.parts) {
        const verdict = verdictOn(part, compile, eventType);
        if (verdict === deciding) return deciding;
        if (verdict === undefined) isOpen = true;
      }
      return isOpen ? undefined : !deciding;
    }
    case 'not': {
      const verdict = verdictOn(expression.of, compile, eventType);
      return verdict === undefined ? undefined : !verdict;
    }
    default: {
      if (!readsOnlyType(expression)) return undefined;
      const event = { type: eventType };
      try {
        return compile(expression)(new Evaluation(event, MAX_VERDICT_STEPS), event);
      } catch (error) {
        if (error instanceof StepsUsedUp) return undefined;
        throw error;
      }
    }
  }
}

function readsOnlyType(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
      return true;
    case 'path':
      return isEventType(expression);
    case 'likeness':
      return readsOnlyType(expression.left);
    case 'comparison':
      return readsOnlyType(expression.left) && readsOnlyType(expression.right);
    default:
      return false;
  }
}

function isEventType(expression: Expression): boolean {
  if (expression.kind !== 'path' || expression.from !== 'event' || expression.segments.length !== 1) return false;
  const [segment] = expression.segments;
  const [selector] = segment?.selectors ?? [];
  return (
    segment?.descends === false &&
    segment.selectors.length === 1 &&
    selector?.kind === 'name' &&
    selector.name === 'type'
  );
}
