import type { Evaluation } from './evaluation.js';
import type { Expression, PathExpression, Segment, Selector } from './filter-expression.js';

/** Tells whether something holds of the event and of the value that `@` stands for. */
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
export function singlePathReader(path: PathExpression, isOutermost: boolean): SinglePathReader | undefined {
  const ofEvent = eventPath(path, isOutermost);
  if (ofEvent !== undefined) return (evaluation) => evaluation.valueAt(ofEvent.number, ofEvent.read);
  const steps = singleSteps(path);
  return steps === undefined ? undefined : (_, current) => walk(steps, current);
}

/** A path that begins at the event and leads to one value at the most; equal ones are one. */
export interface EventPath {
  readonly number: number;
  readonly read: (event: unknown) => unknown;
}

/** So many different paths are told apart in one process; any more are read by each filter for itself. */
const MAX_EVENT_PATHS = 10_000;
const eventPaths = new Map<string, EventPath>();

/** @returns undefined where it is no such path */
export function eventPath(path: PathExpression, isOutermost: boolean): EventPath | undefined {
  if (path.from === 'current' && !isOutermost) return undefined;
  const steps = singleSteps(path);
  if (steps === undefined) return undefined;
  const name = JSON.stringify(steps);
  const known = eventPaths.get(name);
  if (known !== undefined) return known;
  if (eventPaths.size >= MAX_EVENT_PATHS) return undefined;
  const isAlias = steps[0] === PAYLOAD_ALIAS;
  const rest = steps.slice(1);
  const read = isAlias
    ? (event: unknown) => walk(rest, attributeOf(event, PAYLOAD_ALIAS))
    : (event: unknown) => walk(steps, event);
  const made = { number: eventPaths.size, read };
  eventPaths.set(name, made);
  return made;
}

/** Names of members, and indexes. */
type Steps = readonly (string | number)[];

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
    if (typeof value !== 'object' || value === null) return undefined;
    value = typeof step === 'string' ? memberOf(value, step) : itemOf(value, step);
  }
  return value;
}

/** Reads any path. */
export function pathReader(path: PathExpression, isOutermost: boolean, compile: ConditionCompiler): PathReader {
  const { from } = path;
  const steps = path.segments.map((segment, position) =>
    segmentReader(segment, position === 0 && (from === 'event' || isOutermost), compile),
  );
  return (evaluation, current) => {
    let values: unknown[] = [from === 'event' ? evaluation.event : current];
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
  const readers = selectors.map((selector) => selectorReader(selector, ofEvent && !descends, compile));
  const readAll: SegmentReader = (evaluation, value, found) => {
    for (const read of readers) read(evaluation, value, found);
  };
  if (!descends) return readAll;
  return (evaluation, value, found) => {
    // No recursion: how deep an event is nested is its producer's choice.
    const open = [value];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      readAll(evaluation, next, found);
      const members = membersOf(next);
      evaluation.spend(members.length + 1);
      for (let index = members.length - 1; index >= 0; index -= 1) {
        if (isContainer(members[index])) open.push(members[index]);
      }
    }
  };
}

function selectorReader(selector: Selector, ofEvent: boolean, compile: ConditionCompiler): SegmentReader {
  switch (selector.kind) {
    case 'name':
      return adding((value) => (ofEvent ? attributeOf(value, selector.name) : memberOf(value, selector.name)));
    case 'index':
      return adding((value) => itemOf(value, selector.index));
    case 'slice':
      return (evaluation, value, found) => {
        if (Array.isArray(value)) addSlice(evaluation, value, selector, found);
      };
    case 'every':
      return (evaluation, value, found) => {
        const members = membersOf(value);
        evaluation.spend(members.length);
        for (const member of members) found.push(member);
      };
    case 'where': {
      const condition = compile(selector.condition);
      return (evaluation, value, found) => {
        const members = membersOf(value);
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

function memberOf(value: unknown, name: string): unknown {
  return isContainer(value) && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
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

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function membersOf(value: unknown): readonly unknown[] {
  if (!isContainer(value)) return [];
  return Array.isArray(value) ? value : Object.values(value);
}
