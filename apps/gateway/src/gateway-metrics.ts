import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { Metrics } from '@tidings/runtime';
import type { EventStatus } from './intake/reading.js';

/** Seconds; a single event is to be answered within 25 ms, a long stream takes as long as it is. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** What the gateway tells Prometheus. */
@Injectable()
export class GatewayMetrics {
  private readonly events;
  private readonly durations;
  private readonly counters = new Map<string, { inc(): void }>();

  constructor(metrics: Metrics) {
    this.events = metrics.counter('tidings_gateway_events_total', 'Events taken in, by what became of them.', [
      'system',
      'result',
    ]);
    this.durations = metrics.histogram(
      'tidings_gateway_request_seconds',
      'How long requests took, from their head to their answer.',
      BUCKETS,
      ['route'],
    );
  }

  /** Counts one event. @param system a name of the catalogue's, or `none`: never what a sender made up */
  count(system: string, result: EventStatus): void {
    const key = `${system} ${result}`;
    let counter = this.counters.get(key);
    if (counter === undefined) {
      // Finding a labelled counter takes longer than counting.
      counter = this.events.labels({ system, result });
      this.counters.set(key, counter);
    }
    counter.inc();
  }

  async timed<T>(route: 'ingest' | 'events', work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.durations.observe({ route }, (performance.now() - started) / 1_000);
    }
  }
}
