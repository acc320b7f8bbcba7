import { afterEach, expect, test, vi } from 'vitest';
import type { ConfigurationRows } from './configuration-row.js';
import { ConfigurationWatch, type WatchedConfiguration } from './configuration-watch.js';

/** A database as far as the watch sees it. */
class Store implements WatchedConfiguration {
  latest = 1n;
  isAway = false;
  isListenRefused = false;
  changesInMs: number | undefined;
  asked = 0;
  listeners: { readonly onChange: () => void; readonly onEnd: () => void }[] = [];

  version(): Promise<bigint> {
    this.asked += 1;
    return this.isAway ? Promise.reject(new Error('away')) : Promise.resolve(this.latest);
  }

  load(): Promise<ConfigurationRows> {
    if (this.isAway) return Promise.reject(new Error('away'));
    return Promise.resolve({
      version: String(this.latest),
      changesInMs: this.changesInMs,
      instances: [],
      sources: [],
      topics: [],
      topicSources: [],
      rules: [],
      subscriptions: [],
      destinations: [],
      templates: [],
    });
  }

  listen(onChange: () => void, onEnd: () => void): Promise<() => Promise<void>> {
    if (this.isAway || this.isListenRefused) return Promise.reject(new Error('too many clients'));
    this.listeners.push({ onChange, onEnd });
    return Promise.resolve(() => Promise.resolve());
  }
}

let watch: ConfigurationWatch | undefined;

async function started(store: Store): Promise<ConfigurationWatch> {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  watch = await ConfigurationWatch.start(store);
  await watch.refresh();
  return watch;
}

afterEach(async () => {
  await watch?.onApplicationShutdown();
  vi.useRealTimers();
});

test('a notification brings the next version, without a poll', async () => {
  const store = new Store();
  const running = await started(store);
  store.latest = 2n;
  store.listeners[0]?.onChange();
  await vi.waitFor(() => expect(running.current().version).toBe(2n));
});

test('the version is asked for every half second besides', async () => {
  const store = new Store();
  const running = await started(store);
  store.latest = 2n;
  vi.advanceTimersByTime(500);
  await vi.waitFor(() => expect(running.current().version).toBe(2n));
});

test('while the database is away the last snapshot stays; then it listens anew and catches up', async () => {
  const store = new Store();
  const running = await started(store);
  store.isAway = true;
  store.listeners[0]?.onEnd();
  vi.advanceTimersByTime(500);
  await running.refresh();
  expect(running.current().version).toBe(1n);
  store.isAway = false;
  store.latest = 5n;
  vi.advanceTimersByTime(500);
  await vi.waitFor(() => expect(running.current().version).toBe(5n));
  expect(store.listeners).toHaveLength(2);
});

test('the end of a former secret brings a new snapshot of the same version', async () => {
  const store = new Store();
  store.changesInMs = 10_000;
  const running = await started(store);
  store.changesInMs = undefined;
  const told = vi.fn();
  running.onChange(told);
  vi.advanceTimersByTime(9_500);
  await running.refresh();
  expect(told).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  await vi.waitFor(() => expect(told).toHaveBeenCalledOnce());
});

test('a listener that throws holds up no other; one that was stopped hears nothing', async () => {
  const store = new Store();
  const running = await started(store);
  const heard = vi.fn();
  const stopped = vi.fn();
  running.onChange(() => {
    throw new Error('no');
  });
  running.onChange(heard);
  running.onChange(stopped)();
  store.latest = 2n;
  await running.refresh();
  expect(heard).toHaveBeenCalledOnce();
  expect(stopped).not.toHaveBeenCalled();
});

test('while nobody can listen the version is asked for all the same; later it listens', async () => {
  const store = new Store();
  store.isListenRefused = true;
  const running = await started(store);
  store.latest = 2n;
  await running.refresh();
  expect(running.current().version).toBe(2n);
  store.isListenRefused = false;
  vi.advanceTimersByTime(500);
  await vi.waitFor(() => expect(store.listeners).toHaveLength(1));
});
