import { context, createTraceState, trace, type SpanContext } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withRunningTrace } from './trace-context.js';

const SPAN: SpanContext = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: 1,
};
const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

async function within<T>(span: SpanContext, work: () => T | Promise<T>): Promise<T> {
  return context.with(trace.setSpanContext(context.active(), span), async () => {
    // Over a turn, as in a request.
    await Promise.resolve();
    return work();
  });
}

describe('the running trace', () => {
  const manager = new AsyncLocalStorageContextManager();

  beforeAll(() => {
    context.setGlobalContextManager(manager.enable());
  });

  afterAll(() => {
    context.disable();
  });

  it('is added in the form of W3C, beside what else is said', async () => {
    expect(await within(SPAN, () => withRunningTrace({ region: 'eu' }))).toEqual({ region: 'eu', traceparent: PARENT });
    expect(await within({ ...SPAN, traceFlags: 0 }, () => withRunningTrace(undefined))).toEqual({
      traceparent: PARENT.replace(/01$/, '00'),
    });
  });

  it('brings its state along', async () => {
    const span = { ...SPAN, traceState: createTraceState('vendor=a,other=b') };
    expect(await within(span, () => withRunningTrace(undefined))).toMatchObject({ tracestate: 'vendor=a,other=b' });
  });

  it('does not take the place of one that was given', async () => {
    const given = { traceparent: '00-11111111111111111111111111111111-2222222222222222-00' };
    const span = { ...SPAN, traceState: createTraceState('vendor=a') };
    expect(await within(span, () => withRunningTrace(given))).toBe(given);
  });

  it('is none where nothing is traced, or what is said of it cannot be', async () => {
    const given = { region: 'eu' };
    expect(withRunningTrace(given)).toBe(given);
    expect(withRunningTrace(undefined)).toBeUndefined();
    expect(await within({ ...SPAN, traceId: '0'.repeat(32) }, () => withRunningTrace(undefined))).toBeUndefined();
  });
});
