import { describe, expect, it } from 'vitest';
import { CIRCUIT, CircuitBreaker } from './circuit-breaker.js';

/** A breaker whose clock stands until it is moved. */
function breaker(): { circuit: CircuitBreaker; pass: (ms: number) => void } {
  let now = 0;
  return { circuit: new CircuitBreaker(() => now), pass: (ms) => void (now += ms) };
}

function record(circuit: CircuitBreaker, failures: number, successes = 0): void {
  for (let count = 0; count < successes; count += 1) circuit.record(true);
  for (let count = 0; count < failures; count += 1) circuit.record(false);
}

describe('a circuit', () => {
  it('stays closed while fewer than ten attempts were made, or less than 70 % of them failed', () => {
    const few = breaker();
    record(few.circuit, CIRCUIT.minimum - 1);
    expect(few.circuit.room()).toBe(Infinity);
    const mixed = breaker();
    record(mixed.circuit, 6, 4);
    expect(mixed.circuit.room()).toBe(Infinity);
  });

  it('opens at ten attempts of which 70 % failed', () => {
    const { circuit } = breaker();
    record(circuit, 7, 3);
    expect(circuit.room()).toBe(0);
  });

  it('forgets what is older than five minutes', () => {
    const { circuit, pass } = breaker();
    record(circuit, 9);
    pass(CIRCUIT.windowMs + 1);
    record(circuit, 1);
    expect(circuit.room()).toBe(Infinity);
  });

  it('lets one through after 30 s, closes when it arrives and waits anew when it does not', () => {
    const { circuit, pass } = breaker();
    record(circuit, 10);
    pass(CIRCUIT.openMs);
    expect(circuit.room()).toBe(1);
    circuit.begin();
    expect(circuit.room()).toBe(0);
    circuit.record(false);
    expect(circuit.room()).toBe(0);
    pass(CIRCUIT.openMs);
    circuit.begin();
    circuit.record(true);
    expect(circuit.room()).toBe(Infinity);
  });
});
