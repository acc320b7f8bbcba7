import type { PayloadOf } from '@tidings/catalogue';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { fits, typesFitting } from './event-pattern.js';
import { marksOf, OnEvent, OnEvents } from './handler-decorators.js';
import type { HandlingContext } from './handling-context.js';
import type { EventOf, SubscribedEvent } from './subscribed-event.js';
import { catalogue } from '@tidings/catalogue';

const CREATED = 'com.waldur.customer_creation_succeeded';

class Typed {
  @OnEvent(CREATED)
  one(event: EventOf<typeof CREATED>): void {
    expect(event.data).toBeDefined();
    expectTypeOf(event.data).toEqualTypeOf<PayloadOf<typeof CREATED>>();
  }

  @OnEvent('com.waldur.customer_*', { retryAfterMs: [1] })
  union(event: EventOf<'com.waldur.customer_*'>, _context: HandlingContext): void {
    if (event.type === CREATED) expectTypeOf(event.data).toEqualTypeOf<PayloadOf<typeof CREATED>>();
  }

  @OnEvent(['com.waldur.customer_*', 'com.canonical.lxd.operation'])
  async several(_event: EventOf<'com.waldur.customer_*' | 'com.canonical.lxd.operation'>): Promise<void> {
    expectTypeOf<'com.canonical.lxd.operation'>().toExtend<typeof _event.type>();
  }

  @OnEvent('com.waldur.*')
  wider(_event: SubscribedEvent): void {
    // Whoever takes more than the pattern brings may.
  }

  @OnEvents('com.waldur.customer_*', { size: 7 })
  handful(events: readonly EventOf<'com.waldur.customer_*'>[]): void {
    expect(events).toHaveLength(1);
    expectTypeOf(events[0]!.id).toEqualTypeOf<string>();
  }

  // @ts-expect-error no declared type fits
  @OnEvent('com.waldur.custmer_*')
  mistaken(_event: SubscribedEvent): void {
    // Refused when the program is compiled, and when it starts.
  }

  // @ts-expect-error one of two fits nothing
  @OnEvent(['com.waldur.customer_*', 'com.nobody.*'])
  halfMistaken(_event: SubscribedEvent): void {
    // As above.
  }

  // @ts-expect-error takes less than the pattern brings
  @OnEvent('com.waldur.customer_*')
  narrower(_event: EventOf<typeof CREATED>): void {
    // A handler must be able to take whatever the pattern fits.
  }
}

describe('a marked method', () => {
  it('keeps its patterns and what it has of its own', () => {
    const prototype = Typed.prototype as unknown as Record<string, object>;
    expect(marksOf(prototype['union']!)).toEqual([
      { patterns: ['com.waldur.customer_*'], retryAfterMs: [1], size: undefined },
    ]);
    expect(marksOf(prototype['several']!)[0]?.patterns).toHaveLength(2);
    expect(marksOf(prototype['handful']!)[0]?.size).toBe(7);
  });
});

describe('a pattern', () => {
  it.each([
    ['com.waldur.a', 'com.waldur.a', true],
    ['com.waldur.a', 'com.waldur.ab', false],
    ['com.waldur.*', 'com.waldur.a.b', true],
    ['*', 'anything', true],
    ['*_succeeded', 'com.waldur.x_succeeded', true],
    ['com.*_creation_*', 'com.waldur.x_creation_failed', true],
    ['com.*_creation_*', 'com.waldur.x_update_failed', false],
    ['a*a', 'a', false],
    ['a*b*b', 'ab', false],
    ['a*b*b', 'abb', true],
  ])('%s on %s: %s', (pattern, type, expected) => {
    expect(fits(pattern, type)).toBe(expected);
  });

  it('finds the declared types, and names the nearest where it fits none', () => {
    expect(typesFitting('com.waldur.customer_*', catalogue).map(({ type }) => type)).toContain(CREATED);
    expect(() => typesFitting('com.waldur.custmer_creation_succeeded', catalogue)).toThrow(`did you mean ${CREATED}`);
  });
});
