import { setTimeout as delay } from 'node:timers/promises';
import { OutboxRelay } from '@tidings/publishing/outbox';
import { KafkaTransport } from '@tidings/transport';

// A relay as a process of its own, from what is built: it is there to be killed.
const { KAFKA_BROKERS = '', DATABASE_URL, TIDINGS_PREFIX } = process.env;
const transport = new KafkaTransport({ brokers: KAFKA_BROKERS.split(','), clientId: 'outbox-relay' });
const relay = new OutboxRelay({
  schema: 'team',
  database: { connectionString: DATABASE_URL },
  prefix: TIDINGS_PREFIX,
  publisher: await transport.createPublisher(),
  // Small, so that a process has many batches in its short life.
  rowsPerBucket: 8,
});
relay.start();
// Whoever kills it waits for this: that it is at work.
while ((await relay.status()).sent === 0) await delay(20);
process.stdout.write('sending\n');
