import { StatusLine } from '@tidings/runtime';
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

function output(isTTY: boolean) {
  const write = vi.fn<(text: string) => void>();
  return { status: new StatusLine({ write, isTTY }), texts: () => write.mock.calls.map(([text]) => text) };
}

it('says nothing of a step that is over within a second', async () => {
  const { status, texts } = output(false);
  await expect(withProgress('Fetching', status, lasting(900))).resolves.toBe('result');
  expect(texts()).toEqual([]);
});

it('adds a line every ten seconds where it is no terminal', async () => {
  const { status, texts } = output(false);
  await withProgress('Fetching', status, lasting(12_000));
  expect(texts()).toHaveLength(3);
  expect(texts()[0]).toMatch(/^Fetching … 3 of 4 jars, \d+ s\n$/);
  expect(texts()[2]).toMatch(/^Fetching … done, \d+ s\n$/);
});

it('writes one line over and over on a terminal, from the first moment on', async () => {
  const { status, texts } = output(true);
  await withProgress('Fetching', status, lasting(3_500));
  const lines = texts().filter((text) => text.endsWith('\n'));
  expect(texts()[0]).toBe('\r\u001b[KFetching …');
  expect(lines).toEqual([expect.stringMatching(/^Fetching … done, \d+ s\n$/)]);
});

it('leaves no trace of a short step on a terminal', async () => {
  const { status, texts } = output(true);
  await withProgress('Fetching', status, lasting(900));
  expect(texts()).toEqual(['\r\u001b[KFetching …', '\r\u001b[K']);
});

it.each([
  ['failed', new Error('no network')],
  ['stopped', new DOMException('This operation was aborted', 'AbortError')],
])('says that a step %s, and passes its error on', async (state, error) => {
  const { status, texts } = output(false);
  const step = async (): Promise<never> => {
    await vi.advanceTimersByTimeAsync(1_500);
    throw error;
  };
  await expect(withProgress('Fetching', status, step)).rejects.toBe(error);
  expect(texts().at(-1)).toMatch(new RegExp(`^Fetching … ${state}`));
});
