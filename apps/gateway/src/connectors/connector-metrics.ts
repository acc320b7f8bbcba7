import { Injectable } from '@nestjs/common';
import { Metrics } from '@tidings/runtime';
import type { ConnectorFleet } from './connector-fleet.js';
import type { JournalCount } from './connector-journal.js';
import { CONNECTOR_STATES } from './connector-record.js';

/** What connectors tell Prometheus: what this process did for them. */
@Injectable()
export class ConnectorMetrics {
  private readonly totals;

  constructor(private readonly metrics: Metrics) {
    const total = (what: string, help: string) =>
      metrics.counter(`tidings_connector_${what}_total`, help, ['connector']);
    this.totals = {
      events: total('events', 'Events that Kafka has, by the connector that brought them.'),
      rejected: total('rejected', 'Events that could not be kept.'),
      failures: total('failures', 'Connections, questions and posts that failed.'),
      gaps: total('gaps', 'Gaps that were told of.'),
    } satisfies Record<JournalCount, unknown>;
  }

  add(connector: string, count: JournalCount, amount: number): void {
    this.totals[count].inc({ connector }, amount);
  }

  /** Shows from now on what the connectors of this process do. */
  watch(fleet: ConnectorFleet): void {
    this.metrics.gauge(
      'tidings_connector_state',
      'What a connector does in this process, 1 for its state; nothing where another process runs it.',
      ['connector', 'state'],
      (gauge) => {
        gauge.reset();
        for (const { name, journal, isHere } of fleet.states()) {
          if (!isHere) continue;
          const now = fleet.isPaused(name) ? 'paused' : journal.state;
          for (const state of CONNECTOR_STATES) gauge.set({ connector: name, state }, state === now ? 1 : 0);
        }
      },
    );
    this.metrics.gauge(
      'tidings_connector_lag_seconds',
      'How far a connector of this process is behind its peer, where it is known.',
      ['connector'],
      (gauge) => {
        gauge.reset();
        for (const { name, journal, isHere } of fleet.states()) {
          if (isHere && journal.lag !== undefined) gauge.set({ connector: name }, journal.lag);
        }
      },
    );
  }
}
