/** How long a step may be silent before it says what it is doing. */
const SILENT_FOR_MS = 1_000;
/** How often a step that goes on says so where the output is no terminal (a CI log). */
const LOG_EVERY_MS = 10_000;

/** Where progress is shown: a terminal, where one line is written over and over, or anything else, where lines add up. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/**
 * Runs a step and, once it has taken longer than a second, keeps saying that it is at work.
 *
 * @param label what is being done, as "Starting Kafka"
 * @param step is given a function with which it says how far it is, as "12 of 46 jars"
 * @returns what the step gave
 */
export async function withProgress<T>(
  label: string,
  out: ProgressOutput,
  step: (say: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const began = performance.now();
  let detail = '';
  let shown = false;
  let loggedAt = 0;
  const line = (state: string): string => {
    const seconds = `${Math.round((performance.now() - began) / 1_000)} s`;
    return `${label} … ${[state, seconds].filter((part) => part !== '').join(', ')}`;
  };
  const timer = setInterval(() => {
    if (out.isTTY === true) out.write(`\r\u001b[K${line(detail)}`);
    else if (!shown || performance.now() - loggedAt >= LOG_EVERY_MS) {
      out.write(`${line(detail)}\n`);
      loggedAt = performance.now();
    }
    shown = true;
  }, SILENT_FOR_MS);
  const finish = (state: string): void => {
    clearInterval(timer);
    if (shown) out.write(`${out.isTTY === true ? '\r\u001b[K' : ''}${line(state)}\n`);
  };
  try {
    const result = await step((text) => (detail = text));
    finish('done');
    return result;
  } catch (error) {
    finish('failed');
    throw error;
  }
}
