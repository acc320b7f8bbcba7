import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
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
 * @param say is given what is being waited for
 */
export async function becomesReady(
  url: string,
  signal: AbortSignal,
  logger: LoggerService,
  say: (detail: string) => void = () => undefined,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const findings = await findingsAt(`${url}/health/ready`, signal);
    if (findings === undefined) return;
    say(`waiting for ${waitsFor(findings)}`);
    if (performance.now() > deadline) {
      logger.warn(`Not everything is ready yet: ${findings}`);
      return;
    }
    await delay(PAUSE_MS, undefined, { signal });
  }
}

/** Not by fetch, which calls no port that browsers keep away from. @returns undefined where everything is ready */
async function findingsAt(url: string, signal: AbortSignal): Promise<string | undefined> {
  const request = get(url, { signal });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const findings = await text(answer);
  return answer.statusCode === 200 ? undefined : findings;
}

/** The names of the checks that fail. */
function waitsFor(findings: string): string {
  try {
    const { error = {} } = JSON.parse(findings) as { readonly error?: object };
    return Object.keys(error).join(', ') || 'the apps';
  } catch {
    return 'the apps';
  }
}
