import 'reflect-metadata';
import type { KnownPattern } from './event-pattern.js';
import type { HandlingContext } from './handling-context.js';
import type { EventOf } from './subscribed-event.js';

/** A method that takes one event at a time. */
export type EventHandler<Pattern extends string> = (event: EventOf<Pattern>, context: HandlingContext) => unknown;

/** A method that takes several events of one partition at once, in their order. */
export type EventsHandler<Pattern extends string> = (
  events: readonly EventOf<Pattern>[],
  context: HandlingContext,
) => unknown;

/** What a handler may have different from the rest of its module. */
export interface HandlerOptions {
  /** Pauses before each further attempt, milliseconds. */
  readonly retryAfterMs?: readonly number[];
}

export interface EventsHandlerOptions extends HandlerOptions {
  /** How many events at most; default 100. */
  readonly size?: number;
}

/** What a decorator leaves on its method. */
export interface HandlerMark {
  readonly patterns: readonly string[];
  readonly retryAfterMs: readonly number[] | undefined;
  /** How many events a call takes; undefined: one, by itself. */
  readonly size: number | undefined;
}

type MethodMark<Handler> = <Method extends Handler>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

const MARKS = Symbol.for('tidings:subscribing:handlers');
const DEFAULT_SIZE = 100;

/**
 * Hands events to the method, one at a time: those of an entity in their order, those of different entities side by
 * side. The method's parameter must take every event that the pattern fits: `event: EventOf<'com.waldur.resource_*'>`.
 * @param pattern the name of an event type, with `*` for any text; or several of them
 */
export function OnEvent<const Pattern extends string>(
  pattern: (Pattern & KnownPattern<Pattern>) | readonly (Pattern & KnownPattern<Pattern>)[],
  { retryAfterMs }: HandlerOptions = {},
): MethodMark<EventHandler<Pattern>> {
  return marking({ patterns: [pattern].flat(), retryAfterMs, size: undefined });
}

/**
 * Hands events to the method by the handful, for work that is cheaper so (one INSERT for a hundred rows). When it fails
 * for good, the handful is halved until the event to blame is alone.
 * @param pattern as for {@link OnEvent}
 */
export function OnEvents<const Pattern extends string>(
  pattern: (Pattern & KnownPattern<Pattern>) | readonly (Pattern & KnownPattern<Pattern>)[],
  { retryAfterMs, size = DEFAULT_SIZE }: EventsHandlerOptions = {},
): MethodMark<EventsHandler<Pattern>> {
  return marking({ patterns: [pattern].flat(), retryAfterMs, size });
}

/** The marks on a method, in the order in which they are written. */
export function marksOf(method: object): readonly HandlerMark[] {
  return (Reflect.getOwnMetadata(MARKS, method) as readonly HandlerMark[] | undefined) ?? [];
}

function marking(mark: HandlerMark) {
  return (_target: object, _key: string | symbol, { value }: { readonly value?: unknown }): void => {
    const method = value as object;
    // Decorators are applied from below.
    Reflect.defineMetadata(MARKS, [mark, ...marksOf(method)], method);
  };
}
