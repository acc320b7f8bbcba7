import { AsyncLocalStorage } from 'node:async_hooks';
import {
  context,
  ROOT_CONTEXT,
  trace,
  type Context,
  type ContextManager,
  type SpanContext,
  type TraceState,
} from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withRunningTrace } from './trace-context.js';

const SPAN: SpanContext = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: 1,
};
const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** Carries the context over turns, as the SDK's own does (whose versions for this Node do not fit the newest API). */
class StoredContexts implements ContextManager {
  private readonly storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...given: A) => ReturnType<F>>(
    active: Context,
    work: F,
    thisArg?: ThisParameterType<F>,
    ...given: A
  ): ReturnType<F> {
    return this.storage.run(active, () => work.apply(thisArg, given));
  }

  bind<T>(_active: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.storage.disable();
    return this;
  }
}

function stateOf(text: string): TraceState {
  const state: TraceState = { serialize: () => text, get: () => undefined, set: () => state, unset: () => state };
  return state;
}

async function within<T>(span: SpanContext, work: () => T | Promise<T>): Promise<T> {
  return context.with(trace.setSpanContext(context.active(), span), async () => {
    // Over a turn, as in a request.
    await Promise.resolve();
    return work();
  });
}

describe('the running trace', () => {
  beforeAll(() => {
    context.setGlobalContextManager(new StoredContexts());
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
    const span = { ...SPAN, traceState: stateOf('vendor=a,other=b') };
    expect(await within(span, () => withRunningTrace(undefined))).toMatchObject({ tracestate: 'vendor=a,other=b' });
  });

  it('does not take the place of one that was given', async () => {
    const given = { traceparent: '00-11111111111111111111111111111111-2222222222222222-00' };
    const span = { ...SPAN, traceState: stateOf('vendor=a') };
    expect(await within(span, () => withRunningTrace(given))).toBe(given);
  });

  it('is none where nothing is traced, or what is said of it cannot be', async () => {
    const given = { region: 'eu' };
    expect(withRunningTrace(given)).toBe(given);
    expect(withRunningTrace(undefined)).toBeUndefined();
    expect(await within({ ...SPAN, traceId: '0'.repeat(32) }, () => withRunningTrace(undefined))).toBeUndefined();
  });
});
