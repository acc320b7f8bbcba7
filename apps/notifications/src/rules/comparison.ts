import type { Evaluation } from './evaluation.js';
import type { Operator } from './filter-expression.js';
import type { TextPattern } from './text-pattern.js';

/** How deep two values are compared: as deep as an event may be nested. */
const MAX_DEPTH = 512;
/** So many characters times instructions of a pattern are one step: measured, they take as long as another step. */
const PATTERN_WORK_PER_STEP = 64;

/**
 * Compares two values. Numbers have an order, and texts have one; anything else, and values of two kinds, are neither
 * less nor greater. A value that is not there is undefined, and no comparison with it holds, `!=` included.
 */
export function compare(evaluation: Evaluation, operator: Operator, left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return false;
  if (operator === '==') return isEqual(evaluation, left, right, MAX_DEPTH);
  if (operator === '!=') return !isEqual(evaluation, left, right, MAX_DEPTH);
  if (typeof left === 'number' && typeof right === 'number') return isOrdered(operator, left, right);
  if (typeof left === 'string' && typeof right === 'string') return isOrdered(operator, left, right);
  return false;
}

/** Whether a text has something in it that the pattern matches. */
export function isLike(evaluation: Evaluation, value: unknown, pattern: TextPattern): boolean {
  if (typeof value !== 'string') return false;
  evaluation.spend(1 + Math.floor((value.length * pattern.costPerCharacter) / PATTERN_WORK_PER_STEP));
  return pattern.isIn(value);
}

/** What a value says where only true or false is asked for: nothing, `false`, `null`, 0, '' and what is empty say no. */
export function isTruthy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
}

function isOrdered<Value extends number | string>(operator: Operator, left: Value, right: Value): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}

function isEqual(evaluation: Evaluation, left: unknown, right: unknown, levels: number): boolean {
  evaluation.spend(1);
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right) || levels === 0) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  const lefts = left as Readonly<Record<string, unknown>>;
  const rights = right as Readonly<Record<string, unknown>>;
  return names.every(
    (name) => Object.hasOwn(rights, name) && isEqual(evaluation, lefts[name], rights[name], levels - 1),
  );
}
