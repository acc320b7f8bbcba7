/** How long a step may be silent before it says what it is doing. */
const SILENT_FOR_MS = 1_000;
/** How often a step that goes on says so where the output is no terminal (a CI log). */
const LOG_EVERY_MS = 10_000;

/**
 * Runs a step and, once it has taken longer than a second, keeps saying that it is at work.
 *
 * @template T
 * @param {string} label what is being done, as "Installing packages"
 * @param {() => Promise<T>} step
 * @param {NodeJS.WriteStream} [out]
 * @returns {Promise<T>} what the step gave
 */
export async function withProgress(label, step, out = process.stderr) {
  const began = performance.now();
  const seconds = () => `${Math.round((performance.now() - began) / 1_000)} s`;
  const erase = out.isTTY ? '\r\u001b[K' : '';
  let shown = false;
  let loggedAt = 0;
  const timer = setInterval(() => {
    if (out.isTTY) {
      out.write(`${erase}${label} … ${seconds()}`);
    } else if (!shown || performance.now() - loggedAt >= LOG_EVERY_MS) {
      out.write(`${label} … ${seconds()}\n`);
      loggedAt = performance.now();
    }
    shown = true;
  }, SILENT_FOR_MS);
  try {
    const result = await step();
    if (shown) out.write(`${erase}${label} … done, ${seconds()}\n`);
    return result;
  } catch (error) {
    if (shown) out.write(`${erase}${label} … failed, ${seconds()}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
