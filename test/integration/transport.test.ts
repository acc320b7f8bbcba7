import { KafkaTransport } from '@tidings/transport';
import { transportConformance } from '@tidings/transport/conformance';
import { describe, inject, it } from 'vitest';

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
});
