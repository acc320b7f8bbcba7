import { KafkaTransport } from '@tidings/transport';
import { transportConformance } from '@tidings/transport/conformance';
import { describe, expect, inject, it } from 'vitest';
import { freshName } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';

/** Nothing listens there: the port is one that no program may be given by chance. */
const NOBODY = '127.0.0.1:1';

describe('the Kafka driver', () => {
  it.each(transportConformance.map((one) => [one.name, one] as const))(
    '%s',
    async (_name, { run }) => {
      const transport = new KafkaTransport({ brokers: inject('brokers').split(','), clientId: 'conformance' });
      const unreachable = () => new KafkaTransport({ brokers: [NOBODY], clientId: 'conformance' });
      try {
        await run({ transport, unreachable, patienceMs: 20_000 });
      } finally {
        await transport.close();
      }
    },
    120_000,
  );

  it('tells a handler that stood still for longer than its membership lasts, before the broker does', async () => {
    const transport = new KafkaTransport({ brokers: inject('brokers').split(','), clientId: 'zombie' });
    const kafkaTopic = freshName();
    await transport.ensureTopics([{ kafkaTopic, partitions: 1, replicationFactor: 1 }]);
    const publisher = await transport.createPublisher();
    await publisher.publish([{ kafkaTopic, key: 'k', value: 'v', headers: {} }]);
    const stale: boolean[] = [];
    const consumption = await transport.consume({
      groupId: freshName(),
      matches: (name) => name === kafkaTopic,
      handle: async (_batch, control) => {
        // As after a SIGSTOP: no timer runs, no heartbeat goes out, and then the handler goes on where it was.
        if (stale.length === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8_500);
        stale.push(control.isStale());
      },
    });
    // What it did while it may have been nobody's is not acknowledged, so the message comes again.
    await until(() => stale.length === 2, { timeout: 50_000 });
    expect(stale).toEqual([true, false]);
    await until(async () => (await consumption.lag()).every(({ lag }) => lag === 0n));
    await transport.close();
  });
});
