import { ExactNumber } from '@tidings/catalogue';
import type { Evaluation } from './evaluation.js';
import type { EventPath, EventPathFinder, Steps } from './event-path.js';
import type { Expression, PathExpression, Segment, Selector } from './filter-expression.js';

/** Tells whether something holds of the event and of the value that `@` stands for within `?( … )`. */
export type Condition = (evaluation: Evaluation, current: unknown) => boolean;

/** Finds the values that a path leads to; undefined is never among them. */
export type PathReader = (evaluation: Evaluation, current: unknown) => readonly unknown[];
/** The same for a path that leads to one value at the most; undefined: it leads nowhere. */
export type SinglePathReader = (evaluation: Evaluation, current: unknown) => unknown;

/** How the conditions of `?( … )` are compiled. */
export type ConditionCompiler = (condition: Expression) => Condition;

/**
 * IBM's older events kept their payload in `notification`, and many a rule still reads it there. Where an event has no
 * such attribute, it is looked for in `data`, and otherwise it is `data` itself.
 */
export const PAYLOAD_ALIAS = 'notification';

/** @returns undefined where the path may lead to several values */
export function singlePathReader(
  path: PathExpression,
  isOutermost: boolean,
  find: EventPathFinder,
): SinglePathReader | undefined {
  const ofEvent = eventPath(path, isOutermost, find);
  if (ofEvent !== undefined) return (evaluation) => ofEvent.valueIn(evaluation);
  const steps = singleSteps(path);
  return steps === undefined ? undefined : (_, current) => walk(steps, current);
}

/** @returns undefined where the path does not begin at the event, or may lead to several values */
export function eventPath(path: PathExpression, isOutermost: boolean, find: EventPathFinder): EventPath | undefined {
  if (path.from === 'current' && !isOutermost) return undefined;
  const steps = singleSteps(path);
  return steps === undefined ? undefined : find(steps);
}

/** How a path of those steps is read of an event. */
export function eventPathReader(steps: Steps): (event: unknown) => unknown {
  if (steps[0] !== PAYLOAD_ALIAS) return (event) => walk(steps, event);
  const rest = steps.slice(1);
  return (event) => walk(rest, attributeOf(event, PAYLOAD_ALIAS));
}

function singleSteps({ segments }: PathExpression): Steps | undefined {
  const steps: (string | number)[] = [];
  for (const { descends, selectors } of segments) {
    const [selector, ...more] = selectors;
    if (descends || selector === undefined || more.length > 0) return undefined;
    if (selector.kind === 'name') steps.push(selector.name);
    else if (selector.kind === 'index') steps.push(selector.index);
    else return undefined;
  }
  return steps;
}

function walk(steps: Steps, from: unknown): unknown {
  let value = from;
  for (const step of steps) {
    if (!isContainer(value)) return undefined;
    value = typeof step === 'string' ? memberOf(value, step) : itemOf(value, step);
  }
  return value;
}

/** Reads any path. */
export function pathReader(path: PathExpression, isOutermost: boolean, compile: ConditionCompiler): PathReader {
  const isOfEvent = path.from === 'event' || isOutermost;
  const steps = path.segments.map((segment, position) => segmentReader(segment, position === 0 && isOfEvent, compile));
  return (evaluation, current) => {
    let values: unknown[] = [isOfEvent ? evaluation.event : current];
    for (const step of steps) {
      const found: unknown[] = [];
      for (const value of values) step(evaluation, value, found);
      if (found.length === 0) return found;
      values = found;
    }
    return values;
  };
}

/** Adds what it finds beneath a value to `found`. */
type SegmentReader = (evaluation: Evaluation, value: unknown, found: unknown[]) => void;

function segmentReader({ descends, selectors }: Segment, ofEvent: boolean, compile: ConditionCompiler): SegmentReader {
  const readers = selectors.map((selector) => selectorReader(selector, ofEvent && !descends, descends, compile));
  const readAll: SegmentReader = (evaluation, value, found) => {
    for (const read of readers) read(evaluation, value, found);
  };
  if (!descends) return readAll;
  return (evaluation, value, found) => {
    // No recursion: how deep an event is nested is its producer's choice.
    const open = [value];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      readAll(evaluation, next, found);
      const members = membersOf(evaluation, next);
      evaluation.spend(members.length + 1);
      for (let index = members.length - 1; index >= 0; index -= 1) {
        if (isContainer(members[index])) open.push(members[index]);
      }
    }
  };
}

function selectorReader(
  selector: Selector,
  ofEvent: boolean,
  isAtAnyDepth: boolean,
  compile: ConditionCompiler,
): SegmentReader {
  switch (selector.kind) {
    case 'name':
      // `..length` asks for members of that name, and not for how long each of the arrays is.
      if (isAtAnyDepth) return adding((value) => (Array.isArray(value) ? undefined : memberOf(value, selector.name)));
      return adding((value) => (ofEvent ? attributeOf(value, selector.name) : memberOf(value, selector.name)));
    case 'index':
      return adding((value) => itemOf(value, selector.index));
    case 'slice':
      return (evaluation, value, found) => {
        if (Array.isArray(value)) addSlice(evaluation, value, selector, found);
      };
    case 'every':
      return (evaluation, value, found) => {
        const members = membersOf(evaluation, value);
        evaluation.spend(members.length);
        for (const member of members) found.push(member);
      };
    case 'where': {
      const condition = compile(selector.condition);
      return (evaluation, value, found) => {
        const members = membersOf(evaluation, value);
        evaluation.spend(members.length);
        for (const member of members) if (condition(evaluation, member)) found.push(member);
      };
    }
  }
}

function adding(read: (value: unknown) => unknown): SegmentReader {
  return (evaluation, value, found) => {
    evaluation.spend(1);
    const member = read(value);
    if (member !== undefined) found.push(member);
  };
}

function attributeOf(event: unknown, name: string): unknown {
  const attribute = memberOf(event, name);
  if (attribute !== undefined || name !== PAYLOAD_ALIAS) return attribute;
  const data = memberOf(event, 'data');
  return memberOf(data, name) ?? data;
}

/** An array has no members but its `length`, as JSONPath has had it from the beginning. */
function memberOf(value: unknown, name: string): unknown {
  if (!isContainer(value)) return undefined;
  if (Array.isArray(value)) return name === 'length' ? value.length : undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function itemOf(value: unknown, index: number): unknown {
  return Array.isArray(value) ? (value as readonly unknown[]).at(index) : undefined;
}

/** As RFC 9535 has it: bounds may be negative, and lie outside; a negative step goes backwards. */
function addSlice(
  evaluation: Evaluation,
  values: readonly unknown[],
  { start, end, step }: Extract<Selector, { kind: 'slice' }>,
  found: unknown[],
): void {
  const { length } = values;
  const placed = (bound: number): number => (bound < 0 ? length + bound : bound);
  if (step > 0) {
    const first = Math.min(Math.max(placed(start ?? 0), 0), length);
    const last = Math.min(Math.max(placed(end ?? length), 0), length);
    for (let index = first; index < last; index += step) add(evaluation, values[index], found);
  } else {
    const first = Math.min(Math.max(placed(start ?? length - 1), -1), length - 1);
    const last = Math.min(Math.max(end === undefined ? -1 : placed(end), -1), length - 1);
    for (let index = first; index > last; index += step) add(evaluation, values[index], found);
  }
}

function add(evaluation: Evaluation, value: unknown, found: unknown[]): void {
  evaluation.spend(1);
  found.push(value);
}

/** A number that is kept digit by digit is an object to JavaScript, and none to JSON. */
function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber);
}

function membersOf(evaluation: Evaluation, value: unknown): readonly unknown[] {
  return isContainer(value) ? evaluation.membersOf(value) : [];
}
