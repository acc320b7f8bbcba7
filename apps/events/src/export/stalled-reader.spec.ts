import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cutStalledReader } from './stalled-reader.js';

const PATIENCE = 1_000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Takes what it is given when it is told to. */
function reader(): { output: Writable; take: () => void; failures: Error[] } {
  let taken: (() => void) | undefined;
  const failures: Error[] = [];
  const output = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void (taken = done) });
  output.on('error', (error) => failures.push(error));
  return { output, take: () => taken?.(), failures };
}

describe('a reader of a long answer', () => {
  it('is cut off when it takes nothing', async () => {
    const { output, failures } = reader();
    cutStalledReader(output, PATIENCE);
    output.write('some');
    await vi.advanceTimersByTimeAsync(2 * PATIENCE);
    expect(output.destroyed).toBe(true);
    expect(failures).toHaveLength(1);
  });

  it('is left alone while it takes something', async () => {
    const { output, take } = reader();
    cutStalledReader(output, PATIENCE);
    for (let round = 0; round < 5; round += 1) {
      output.write('some');
      await vi.advanceTimersByTimeAsync(PATIENCE);
      take();
    }
    expect(output.destroyed).toBe(false);
  });

  it('is left alone while there is nothing to take', async () => {
    const { output } = reader();
    cutStalledReader(output, PATIENCE);
    await vi.advanceTimersByTimeAsync(10 * PATIENCE);
    expect(output.destroyed).toBe(false);
  });

  it('needs no watching when it has gone', async () => {
    const { output } = reader();
    cutStalledReader(output, PATIENCE);
    output.destroy();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
