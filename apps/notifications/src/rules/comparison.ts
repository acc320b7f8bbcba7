import { compareNumbers, ExactNumber } from '@tidings/catalogue';
import type { Evaluation } from './evaluation.js';
import type { Operator } from './filter-expression.js';
import type { TextPattern } from './text-pattern.js';

/** How deep two values are compared: as deep as an event may be nested. */
const MAX_DEPTH = 512;
/** So many characters times instructions of a pattern are one step: measured, they take as long as another step. */
const PATTERN_WORK_PER_STEP = 64;
/** So many characters of two texts are compared in a step. */
const CHARACTERS_PER_STEP = 64;

/**
 * Compares two values. Numbers have an order, and texts have one; anything else, and values of two kinds, are neither
 * less nor greater. A value that is not there is undefined, and no comparison with it holds, `!=` included.
 */
export function compare(evaluation: Evaluation, operator: Operator, left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return false;
  if (operator === '==') return isEqual(evaluation, left, right, MAX_DEPTH);
  if (operator === '!=') return !isEqual(evaluation, left, right, MAX_DEPTH);
  evaluation.spend(1);
  if (typeof left === 'string' && typeof right === 'string') {
    spendOnTexts(evaluation, left, right);
    return isOrdered(operator, left, right);
  }
  return isNumber(left) && isNumber(right) && isOrdered(operator, compareNumbers(left, right), 0);
}

/** Whether a text has something in it that the pattern matches. */
export function isLike(evaluation: Evaluation, value: unknown, pattern: TextPattern): boolean {
  if (typeof value !== 'string') return false;
  evaluation.spend(1 + Math.floor((value.length * pattern.costPerCharacter) / PATTERN_WORK_PER_STEP));
  return pattern.isIn(value);
}

/** What a value says where only true or false is asked for: nothing, `false`, `null`, 0, '' and what is empty say no. */
export function isTruthy(evaluation: Evaluation, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  if (value instanceof ExactNumber) return compareNumbers(value, 0) !== 0;
  return evaluation.membersOf(value).length > 0;
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
  if (typeof left === 'string' && typeof right === 'string') {
    // Texts of two lengths are not looked into.
    if (left.length === right.length) spendOnTexts(evaluation, left, right);
    return left === right;
  }
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  // A number that a double cannot hold equals none that it can.
  if (left instanceof ExactNumber || right instanceof ExactNumber) {
    return isNumber(left) && isNumber(right) && compareNumbers(left, right) === 0;
  }
  if (Array.isArray(left) !== Array.isArray(right) || levels === 0) return false;
  if (Array.isArray(left) && left.length !== (right as readonly unknown[]).length) return false;
  const names = Object.keys(left);
  evaluation.spend(names.length);
  if (names.length !== Object.keys(right).length) return false;
  const lefts = left as Readonly<Record<string, unknown>>;
  const rights = right as Readonly<Record<string, unknown>>;
  return names.every(
    (name) => Object.hasOwn(rights, name) && isEqual(evaluation, lefts[name], rights[name], levels - 1),
  );
}

function spendOnTexts(evaluation: Evaluation, left: string, right: string): void {
  evaluation.spend(Math.floor(Math.min(left.length, right.length) / CHARACTERS_PER_STEP));
}

function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}
