import { describe, expect, it } from 'vitest';
import { InFlightBudget } from './in-flight-budget.js';

describe('InFlightBudget', () => {
  it('grants what fits and lets the rest wait, first come, first served', async () => {
    const budget = new InFlightBudget(100);
    const granted: string[] = [];
    const wish = (name: string, bytes: number) =>
      budget.take(bytes, 5_000).then((isGranted) => granted.push(isGranted ? name : `not ${name}`));
    await wish('first', 60);
    const large = wish('large', 80);
    const small = wish('small', 10);
    expect(budget.tryTake(10)).toBe(false);
    expect(granted).toEqual(['first']);
    budget.give(60);
    await Promise.all([large, small]);
    expect(granted).toEqual(['first', 'large', 'small']);
  });

  it('lets something larger than all of it go alone', async () => {
    const budget = new InFlightBudget(100);
    expect(await budget.take(500, 1)).toBe(true);
    expect(budget.tryTake(1)).toBe(false);
    budget.give(500);
    expect(budget.tryTake(1)).toBe(true);
  });

  it('does not grant after the deadline, and serves the next one instead', async () => {
    const budget = new InFlightBudget(100);
    expect(budget.tryTake(50)).toBe(true);
    const late = budget.take(80, 10);
    const next = budget.take(20, 5_000);
    expect(await late).toBe(false);
    expect(await next).toBe(true);
    budget.give(50);
    expect(budget.tryTake(80)).toBe(true);
  });
});
