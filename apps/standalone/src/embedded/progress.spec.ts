import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withProgress } from './progress.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A step that ends after so many milliseconds. */
const lasting = (ms: number) => async (say: (detail: string) => void) => {
  say('3 of 4 jars');
  await vi.advanceTimersByTimeAsync(ms);
  return 'result';
};

it('says nothing of a step that is over within a second', async () => {
  const write = vi.fn();
  await expect(withProgress('Fetching', { write }, lasting(900))).resolves.toBe('result');
  expect(write).not.toHaveBeenCalled();
});

it('adds a line every ten seconds where it is no terminal', async () => {
  const write = vi.fn<(text: string) => void>();
  await withProgress('Fetching', { write }, lasting(12_000));
  const lines = write.mock.calls.map(([text]) => text);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^Fetching … 3 of 4 jars, \d+ s\n$/);
  expect(lines[2]).toMatch(/^Fetching … done, \d+ s\n$/);
});

it('writes one line over and over on a terminal', async () => {
  const write = vi.fn<(text: string) => void>();
  await withProgress('Fetching', { write, isTTY: true }, lasting(3_500));
  const texts = write.mock.calls.map(([text]) => text);
  expect(texts).toHaveLength(4);
  expect(texts.every((text) => text.startsWith('\r'))).toBe(true);
  expect(texts.filter((text) => text.endsWith('\n'))).toHaveLength(1);
});

it('says that a step failed, and passes its error on', async () => {
  const write = vi.fn<(text: string) => void>();
  const step = async (): Promise<never> => {
    await vi.advanceTimersByTimeAsync(1_500);
    throw new Error('no network');
  };
  await expect(withProgress('Fetching', { write }, step)).rejects.toThrow('no network');
  expect(write.mock.calls.at(-1)?.[0]).toMatch(/^Fetching … failed/);
});
