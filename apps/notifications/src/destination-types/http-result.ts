import type { OutboundAnswer } from '@tidings/outbound';
import type { AttemptResult } from './destination-type.js';
import { outcomeOfStatus, problemOfStatus, retryAfterSeconds } from './http-outcome.js';

/** How much of an answer the log of attempts has, bytes. */
const HEAD_BYTES = 1_024;

/** What an HTTP answer means for the delivery. */
export function resultOfAnswer({ status, headers, body }: OutboundAnswer): AttemptResult {
  const outcome = outcomeOfStatus(status);
  const head = body.length === 0 ? undefined : body.toString('utf8', 0, HEAD_BYTES);
  if (outcome === 'delivered') {
    return { outcome, status: String(status), ...(head !== undefined && { responseHead: head }) };
  }
  const after = retryAfterSeconds(headers['retry-after'] ?? [], Date.now());
  const problem = problemOfStatus(status);
  return {
    outcome,
    status: String(status),
    ...(problem !== undefined && { problem }),
    ...(head !== undefined && { responseHead: head }),
    ...(after !== undefined && { retryAfterSeconds: after }),
    ...(status === 429 && { backOff: true }),
    ...(status >= 400 && status < 500 && { isAnswer: true }),
  };
}
