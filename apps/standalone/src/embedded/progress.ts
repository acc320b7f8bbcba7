import type { StatusLine } from '@tidings/runtime';

/** A step that is over sooner leaves no trace. */
const SILENT_FOR_MS = 1_000;
/** How often a step that goes on says so where the output is no terminal (a CI log). */
const LOG_EVERY_MS = 10_000;

/**
 * Runs a step, and shows that it is at work: on a terminal in its status line, elsewhere in lines of their own.
 *
 * @param label what is being done, as "Starting Kafka"
 * @param step is given a function with which it says how far it is, as "12 of 46 jars"
 * @returns what the step gave
 */
export async function withProgress<T>(
  label: string,
  status: StatusLine,
  step: (say: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const began = performance.now();
  let detail = '';
  let loggedAt = -Infinity;
  const elapsed = (): number => performance.now() - began;
  const line = (state: string): string => {
    const seconds = elapsed() < SILENT_FOR_MS ? '' : `${Math.round(elapsed() / 1_000)} s`;
    return [`${label} …`, [state, seconds].filter((part) => part !== '').join(', ')].join(' ').trimEnd();
  };
  const show = (): void => {
    if (status.isTerminal) status.show(line(detail));
    else if (elapsed() >= SILENT_FOR_MS && performance.now() - loggedAt >= LOG_EVERY_MS) {
      status.line(line(detail));
      loggedAt = performance.now();
    }
  };
  show();
  const timer = setInterval(show, SILENT_FOR_MS);
  const finish = (state: string): void => {
    clearInterval(timer);
    if (status.isTerminal) status.show('');
    if (elapsed() >= SILENT_FOR_MS) status.line(line(state));
  };
  try {
    const result = await step((text) => (detail = text));
    finish('done');
    return result;
  } catch (error) {
    finish(error instanceof Error && error.name === 'AbortError' ? 'stopped' : 'failed');
    throw error;
  }
}
