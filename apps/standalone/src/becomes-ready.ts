import { setTimeout as delay } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 50;

/**
 * Waits until the application says that everything is there, the consumers too. When that takes long, it says what is
 * missing and waits no more: the apps go on trying by themselves.
 *
 * @param url of the application
 * @param signal gives up
 */
export async function becomesReady(url: string, signal: AbortSignal, logger: LoggerService): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(`${url}/health/ready`, { signal });
    if (answer.ok) return;
    const findings = await answer.text();
    if (performance.now() > deadline) {
      logger.warn(`Not everything is ready yet: ${findings}`);
      return;
    }
    await delay(PAUSE_MS, undefined, { signal });
  }
}
