import { compare, isLike } from './comparison.js';
import type { Evaluation } from './evaluation.js';
import type { EventPath, EventPathFinder } from './event-path.js';
import type { Expression, Literal, Operator } from './filter-expression.js';
import { eventPath, type Condition } from './path-reader.js';
import type { TextPattern } from './text-pattern.js';

/**
 * What a filter asks of the event. A thousand are gone through for one event, so what nearly every rule asks is an object
 * of its own class, with what it compares in it: a function for each costs twice as much, most of it waiting for memory.
 */
export interface Check {
  holds(evaluation: Evaluation): boolean;
}

/** @param conditionOf compiles whatever else there is */
export function checkOf(
  expression: Expression,
  find: EventPathFinder,
  conditionOf: (expression: Expression) => Condition,
): Check {
  if (expression.kind === 'and') {
    return new EveryCheck(expression.parts.map((part) => checkOf(part, find, conditionOf)));
  }
  const left =
    'left' in expression && expression.left.kind === 'path' ? eventPath(expression.left, true, find) : undefined;
  if (left !== undefined && expression.kind === 'likeness') return new LikenessCheck(left, expression.pattern);
  if (left !== undefined && expression.kind === 'comparison' && expression.right.kind === 'literal') {
    return new ComparisonCheck(left, expression.operator, expression.right.value);
  }
  return new ConditionCheck(conditionOf(expression));
}

class ComparisonCheck implements Check {
  constructor(
    private readonly path: EventPath,
    private readonly operator: Operator,
    private readonly value: Literal,
  ) {}

  holds(evaluation: Evaluation): boolean {
    return compare(evaluation, this.operator, this.path.valueIn(evaluation), this.value);
  }
}

class LikenessCheck implements Check {
  constructor(
    private readonly path: EventPath,
    private readonly pattern: TextPattern,
  ) {}

  holds(evaluation: Evaluation): boolean {
    return isLike(evaluation, this.path.valueIn(evaluation), this.pattern);
  }
}

class EveryCheck implements Check {
  constructor(private readonly parts: readonly Check[]) {}

  holds(evaluation: Evaluation): boolean {
    for (const part of this.parts) if (!part.holds(evaluation)) return false;
    return true;
  }
}

class ConditionCheck implements Check {
  constructor(private readonly condition: Condition) {}

  holds(evaluation: Evaluation): boolean {
    return this.condition(evaluation, undefined);
  }
}
