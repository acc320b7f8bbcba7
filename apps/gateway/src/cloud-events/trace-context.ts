import type { IncomingHttpHeaders } from 'node:http';
import type { EventAttributes } from '@tidings/transport';

/** The W3C trace context of a request, as CloudEvents extensions. */
export type TraceContext = Readonly<{ traceparent: string; tracestate?: string }>;

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

/** @returns undefined where the request brings none, or none that is well-formed */
export function traceContextOf(headers: IncomingHttpHeaders): TraceContext | undefined {
  const traceparent = headers['traceparent'];
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined;
  const tracestate = [headers['tracestate'] ?? []].flat().join(',');
  return TRACESTATE.test(tracestate) ? { traceparent, tracestate } : { traceparent };
}

/** The event's own trace context counts; the request's serves where it has none. */
export function withTraceContext<E extends Pick<EventAttributes, 'extensions'>>(
  event: E,
  context: TraceContext | undefined,
): E {
  if (context === undefined || event.extensions?.['traceparent'] !== undefined) return event;
  return { ...event, extensions: { ...event.extensions, ...context } };
}
