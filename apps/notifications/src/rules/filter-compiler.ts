import { compare, isLike, isTruthy } from './comparison.js';
import { Evaluation, StepsUsedUp } from './evaluation.js';
import { eventTypesOf, isEverything, readsData, verdictOn } from './filter-analysis.js';
import { fixedByAll, fixedValueOf } from './fixed-value.js';
import { checkOf, type Check } from './filter-check.js';
import type { Expression } from './filter-expression.js';
import type { Filter, FixedValue } from './filter.js';
import { EventPath, type EventPathFinder, type EventPaths } from './event-path.js';
import {
  eventPathReader,
  pathReader,
  singlePathReader,
  type Condition,
  type PathReader,
  type SinglePathReader,
} from './path-reader.js';

/**
 * Makes functions of an expression, once, so that nothing is interpreted for each event.
 * @param paths those of the filters beside it
 */
export function compileFilter(text: string, expression: Expression, paths: EventPaths): Filter {
  const used = new Set<EventPath>();
  const find: EventPathFinder = (steps) => {
    const path = paths.find(steps, eventPathReader(steps));
    used.add(path);
    return path;
  };
  // What the type decides is asked later, when nothing must be added to the paths of the table.
  const ofType: EventPathFinder = (steps) => new EventPath('type', eventPathReader(steps));
  const isAll = isEverything(expression);
  const check = checkOf(expression, find, (part) => conditionOf(part, true, find));
  return new CompiledFilter(check, {
    text,
    isAll,
    eventTypes: eventTypesOf(expression),
    fixed: fixedValueOf(expression, find),
    paths: used,
    readsData: readsData(expression),
    verdictOn: (eventType) => verdictOn(expression, (part) => conditionOf(part, true, ofType), eventType),
  });
}

/** A class, and few objects beneath it: a thousand of them are gone through for one event. */
class CompiledFilter implements Filter {
  readonly text: string;
  readonly isAll: boolean;
  readonly eventTypes: ReadonlySet<string> | undefined;
  readonly fixed: FixedValue | undefined;
  readonly paths: ReadonlySet<EventPath>;
  readonly readsData: boolean;
  readonly verdictOn: Filter['verdictOn'];

  constructor(
    private readonly check: Check,
    told: Omit<Filter, 'matches' | 'holds'>,
  ) {
    this.text = told.text;
    this.isAll = told.isAll;
    this.eventTypes = told.eventTypes;
    this.fixed = told.fixed;
    this.paths = told.paths;
    this.readsData = told.readsData;
    this.verdictOn = told.verdictOn;
  }

  matches(event: Readonly<Record<string, unknown>>): boolean {
    return this.holds(new Evaluation(event));
  }

  holds(evaluation: Evaluation): boolean {
    if (this.isAll) return true;
    evaluation.renew();
    try {
      return this.check.holds(evaluation);
    } catch (error) {
      if (!(error instanceof StepsUsedUp)) throw error;
      evaluation.cutFilterShort();
      return false;
    }
  }
}

function conditionOf(expression: Expression, isOutermost: boolean, find: EventPathFinder): Condition {
  switch (expression.kind) {
    case 'literal': {
      return (evaluation) => isTruthy(evaluation, expression.value);
    }
    case 'and': {
      const parts = expression.parts.map((part) => conditionOf(part, isOutermost, find));
      return (evaluation, current) => parts.every((part) => part(evaluation, current));
    }
    case 'or': {
      const fixed = fixedByAll(expression.parts, isOutermost, find);
      if (fixed !== undefined) {
        const { path, values } = fixed;
        return (evaluation) => values.has(path.valueIn(evaluation));
      }
      const parts = expression.parts.map((part) => conditionOf(part, isOutermost, find));
      return (evaluation, current) => parts.some((part) => part(evaluation, current));
    }
    case 'not': {
      const inner = conditionOf(expression.of, isOutermost, find);
      return (evaluation, current) => !inner(evaluation, current);
    }
    case 'path': {
      if (isEverything(expression)) return () => true;
      const operand = operandOf(expression, isOutermost, find);
      if ('one' in operand) return (evaluation, current) => isTruthy(evaluation, operand.one(evaluation, current));
      return (evaluation, current) => {
        const values = operand.several(evaluation, current);
        return values.length > 1 || isTruthy(evaluation, values[0]);
      };
    }
    case 'likeness': {
      const { pattern } = expression;
      const operand = operandOf(expression.left, isOutermost, find);
      if ('one' in operand) {
        return (evaluation, current) => isLike(evaluation, operand.one(evaluation, current), pattern);
      }
      return (evaluation, current) =>
        operand.several(evaluation, current).some((value) => isLike(evaluation, value, pattern));
    }
    case 'comparison':
      return comparisonOf(expression, isOutermost, find);
  }
}

/** Where a path leads to several values, one that compares is enough. */
function comparisonOf(
  { operator, left, right }: Extract<Expression, { kind: 'comparison' }>,
  isOutermost: boolean,
  find: EventPathFinder,
): Condition {
  const lefts = operandOf(left, isOutermost, find);
  const rights = operandOf(right, isOutermost, find);
  if ('one' in lefts && 'one' in rights) {
    return (evaluation, current) =>
      compare(evaluation, operator, lefts.one(evaluation, current), rights.one(evaluation, current));
  }
  return (evaluation, current) => {
    const candidates = valuesOf(rights, evaluation, current);
    return valuesOf(lefts, evaluation, current).some((value) =>
      candidates.some((candidate) => compare(evaluation, operator, value, candidate)),
    );
  };
}

type Operand = { readonly one: SinglePathReader } | { readonly several: PathReader };

function valuesOf(operand: Operand, evaluation: Evaluation, current: unknown): readonly unknown[] {
  return 'one' in operand ? [operand.one(evaluation, current)] : operand.several(evaluation, current);
}

function operandOf(expression: Expression, isOutermost: boolean, find: EventPathFinder): Operand {
  if (expression.kind === 'literal') return { one: () => expression.value };
  if (expression.kind !== 'path') {
    const condition = conditionOf(expression, isOutermost, find);
    return { one: condition };
  }
  const one = singlePathReader(expression, isOutermost, find);
  if (one !== undefined) return { one };
  return { several: pathReader(expression, isOutermost, (condition) => conditionOf(condition, false, find)) };
}
