import type { AttemptResult } from './destination-type.js';

const TRANSIENT: ReadonlySet<number> = new Set([404, 408, 409, 429]);

/** What an HTTP status means for the delivery: Knative's table, with 410 as the receiver's wish to be left alone. */
export function outcomeOfStatus(status: number): AttemptResult['outcome'] {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 410) return 'gone';
  if (status >= 500 || TRANSIENT.has(status)) return 'failed';
  // Redirects are never followed: they would lead past what was configured.
  return 'refused';
}

/** For people. */
export function problemOfStatus(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400)
    return 'The receiver redirects, which is not followed; configure the address it moved to.';
  if (status === 410) return 'The receiver says that it is gone and must not be called again.';
  if (status === 429) return 'The receiver asks for fewer requests.';
  return `The receiver answered ${status}.`;
}

/**
 * @param header `Retry-After`: seconds, or a date
 * @param now milliseconds since the Unix epoch
 * @returns seconds from now; undefined where the header is missing or says nothing
 */
export function retryAfterSeconds(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  // Only the date of HTTP: Date.parse reads far too much as one, "-5" among it.
  if (!/^[A-Za-z]{3,9}, .+ GMT$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000);
}
