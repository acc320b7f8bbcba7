import { Injectable } from '@nestjs/common';
import { Metrics } from '@tidings/runtime';
import type { StreamEnd } from './live-events.js';

type Protocol = 'sse' | 'websocket';

/** What the live streams show of themselves. */
@Injectable()
export class StreamMetrics {
  private readonly open = { sse: 0, websocket: 0 };
  private readonly events;
  private readonly ends;
  private readonly unshown;

  constructor(metrics: Metrics) {
    metrics.gauge('tidings_streams_open', 'Live streams that are open', ['protocol'], (gauge) => {
      for (const protocol of ['sse', 'websocket'] as const) gauge.set({ protocol }, this.open[protocol]);
    });
    this.events = metrics.counter('tidings_stream_events_total', 'Events handed to live streams', ['protocol']);
    this.ends = metrics.counter('tidings_streams_ended_total', 'Live streams that the server ended', [
      'protocol',
      'reason',
    ]);
    this.unshown = metrics.counter(
      'tidings_stream_events_left_out_total',
      'Events that a live stream could not show and left out',
    );
  }

  opened(protocol: Protocol): void {
    this.open[protocol] += 1;
  }

  closed(protocol: Protocol): void {
    this.open[protocol] -= 1;
  }

  sent(protocol: Protocol): void {
    this.events.inc({ protocol });
  }

  leftOut(): void {
    this.unshown.inc();
  }

  ended(protocol: Protocol, reason: StreamEnd): void {
    this.ends.inc({ protocol, reason });
  }
}
