import { CompressionTypes, type Message, type Producer } from 'kafkajs';
import { silentLog, type TransportLog } from '../log.js';
import type { OutgoingRecord, RecordPlace } from '../port.js';
import type { RecordSender, SendFailure, TopicRecords } from '../send-queue.js';
import { createKafkaClient, withinLimit, type KafkaClient } from './kafka-client.js';
import { rootOf, sendFailureOf } from './kafka-failure.js';
import { KAFKA_TIMING, type KafkaOptions } from './kafka-options.js';
import { PartitionChooser } from './partition-chooser.js';

interface Connection {
  readonly client: KafkaClient;
  readonly producer: Producer;
  readonly chooser: PartitionChooser;
  readonly ready: Promise<void>;
}

/**
 * One attempt to produce. All retrying is the queue's, so kafkajs is told not to; and after a failure of the connection
 * its client is thrown away and another one made, because an old one can be stuck in ways that it does not report.
 */
export class KafkaSender implements RecordSender {
  private connection: Connection | undefined;
  private failed = false;
  private outage = false;
  private readonly log: TransportLog;

  constructor(private readonly options: KafkaOptions) {
    this.log = options.log ?? silentLog;
  }

  /** Begins to connect, so that the first record need not wait for it. A failure shows at the first record. */
  warmUp(): void {
    this.connect().ready.catch(() => undefined);
  }

  async send(batches: readonly TopicRecords[]): Promise<readonly (readonly RecordPlace[])[]> {
    if (this.failed) await this.discard();
    const { producer, chooser, ready } = this.connect();
    chooser.begin();
    const attempt = ready.then(() =>
      producer.sendBatch({
        acks: -1,
        timeout: KAFKA_TIMING.requestTimeoutMs - 500,
        compression: CompressionTypes.None,
        topicMessages: batches.map(({ kafkaTopic, records }) => ({ topic: kafkaTopic, messages: messagesOf(records) })),
      }),
    );
    if (!(await withinLimit(attempt, KAFKA_TIMING.attemptLimitMs))) {
      attempt.catch(() => undefined);
      this.failed = true;
      throw new Error(`no answer within ${KAFKA_TIMING.attemptLimitMs} ms`);
    }
    const written = await attempt;
    if (this.outage) this.log('info', 'the broker takes messages again');
    this.outage = false;
    return chooser.places(batches, written);
  }

  failureOf(error: unknown): SendFailure {
    const failure = sendFailureOf(error);
    if (failure.scope === 'broker') {
      this.failed = true;
      // Once an outage, not once a try.
      if (!this.outage) this.log('warn', 'the broker does not take messages', { error: rootOf(error).message });
      this.outage = true;
    }
    return failure;
  }

  async close(): Promise<void> {
    await this.discard();
  }

  private connect(): Connection {
    if (this.connection !== undefined) return this.connection;
    const client = createKafkaClient(this.options);
    const chooser = new PartitionChooser();
    const producer = client.kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: () => chooser.partitioner,
      idempotent: false,
      metadataMaxAge: KAFKA_TIMING.metadataMaxAgeMs,
      retry: { retries: 0 },
    });
    this.connection = { client, producer, chooser, ready: producer.connect() };
    return this.connection;
  }

  private async discard(): Promise<void> {
    const { connection, failed } = this;
    this.connection = undefined;
    this.failed = false;
    if (connection === undefined) return;
    connection.ready.catch(() => undefined);
    // A broken connection is cut first: kafkajs would wait for answers that may never come.
    if (failed) connection.client.destroy();
    await withinLimit(connection.producer.disconnect(), KAFKA_TIMING.disconnectLimitMs);
    connection.client.destroy();
  }
}

/** Our records are what kafkajs calls messages, but that ours may not be changed; no copy is made. */
function messagesOf(records: readonly OutgoingRecord[]): Message[] {
  return records as readonly unknown[] as Message[];
}
