import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OutboxRelay, type OutboxStatus } from '@tidings/publishing/outbox';
import { Metrics, Readiness } from '@tidings/runtime';

const GAUGES: readonly (readonly [name: string, help: string, read: (status: OutboxStatus) => number])[] = [
  ['tidings_outbox_waiting_rows', 'Events that wait in the outbox.', ({ waiting }) => waiting],
  ['tidings_outbox_refused_rows', 'Events that Kafka will never take.', ({ refused }) => refused],
  ['tidings_outbox_oldest_age_seconds', 'How long the oldest event waits.', ({ oldestSeconds }) => oldestSeconds],
  ['tidings_outbox_buckets', 'Parts of the outbox that this process relays, of 16.', ({ buckets }) => buckets],
  ['tidings_outbox_sent_rows', 'Events that this process has relayed since its start.', ({ sent }) => sent],
];

/** Tells Prometheus how the outbox is; and that without its database the app is of no use. Without Kafka it is. */
@Injectable()
export class OutboxMetrics implements OnModuleInit {
  constructor(
    private readonly relay: OutboxRelay,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    for (const [name, help, read] of GAUGES) {
      this.metrics.gauge(name, help, [], async (gauge) => gauge.set(read(await this.relay.status())));
    }
    this.readiness.register('resource-controller', async () =>
      (await this.relay.status()).isConnected ? { up: true } : { up: false, reason: 'PostgreSQL does not answer' },
    );
  }
}
