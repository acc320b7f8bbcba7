import { isSpanContextValid, trace } from '@opentelemetry/api';

const TRACE_PARENT = 'traceparent';

/**
 * What is said of an event, with the running trace added in the form of W3C: whoever follows a request sees its events.
 * A `traceparent` that is given stays; where nothing is traced, nothing is added.
 * @param extensions as the caller gave them
 */
export function withRunningTrace(
  extensions: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (extensions?.[TRACE_PARENT] !== undefined) return extensions;
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return extensions;
  const flags = (span.traceFlags & 0xff).toString(16).padStart(2, '0');
  const state = span.traceState?.serialize() ?? '';
  return {
    ...extensions,
    [TRACE_PARENT]: `00-${span.traceId}-${span.spanId}-${flags}`,
    ...(state !== '' && { tracestate: state }),
  };
}
