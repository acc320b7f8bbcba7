import { Gauge, Histogram, type Registry } from 'prom-client';
import type { EventSubscription } from './event-subscription.js';
import type { HandlerWork } from './handler-work.js';

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30] as const;

/** Has every call of a handler timed. To be called before the subscription starts. */
export function measureHandlers(registry: Registry, group: string, handlers: readonly HandlerWork[]): void {
  const seconds = new Histogram({
    name: 'tidings_subscribing_handler_seconds',
    help: 'How long calls of a handler took that succeeded',
    labelNames: ['group', 'handler'],
    buckets: [...SECONDS],
    registers: [registry],
  });
  for (const handler of handlers) {
    const timer = seconds.labels(group, handler.name);
    handler.observe = (took) => timer.observe(took);
  }
}

/** Shows what a subscription counts, at every scrape. */
export function showSubscription(registry: Registry, group: string, subscription: EventSubscription): void {
  const registers = [registry];
  new Gauge({
    name: 'tidings_subscribing_messages',
    help: 'Messages since the start: read, unread (no handler takes them) and unreadable (no events)',
    labelNames: ['group', 'result'],
    registers,
    collect() {
      const { read, unread, unreadable } = subscription.stats();
      for (const [result, count] of Object.entries({ read, unread, unreadable })) this.set({ group, result }, count);
    },
  });
  new Gauge({
    name: 'tidings_subscribing_events',
    help: 'What became of events at each handler since the start; failures counts attempts',
    labelNames: ['group', 'handler', 'result'],
    registers,
    collect() {
      for (const [handler, counts] of Object.entries(subscription.stats().handlers)) {
        for (const [result, count] of Object.entries(counts)) this.set({ group, handler, result }, count);
      }
    },
  });
  new Gauge({
    name: 'tidings_subscribing_lag',
    help: 'Messages between the position of the group and the end, by kafkaTopic',
    labelNames: ['group', 'kafka_topic'],
    registers,
    async collect() {
      // A broker that does not answer must not take the other metrics with it.
      const lags = await subscription.lag().catch(() => []);
      this.reset();
      for (const { kafkaTopic, lag } of lags) this.inc({ group, kafka_topic: kafkaTopic }, Number(lag));
    },
  });
}
