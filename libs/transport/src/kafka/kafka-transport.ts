import { CombinedConsumption, toldOnce } from '../combined-consumption.js';
import { TransportError } from '../errors.js';
import type {
  ConsumeOptions,
  Consumption,
  RecordPublisher,
  TopicDescription,
  TopicReport,
  TopicSpec,
  Transport,
} from '../port.js';
import { SendQueue, type SendLimits, DEFAULT_SEND_LIMITS } from '../send-queue.js';
import { KafkaAdmin } from './kafka-admin.js';
import { KafkaConsumption } from './kafka-consumption.js';
import type { KafkaOptions } from './kafka-options.js';
import { KafkaSender } from './kafka-sender.js';

const DEFAULT_PING_MS = 5_000;

/** The port over Apache Kafka, by kafkajs. */
export class KafkaTransport implements Transport {
  private readonly admin: KafkaAdmin;
  private readonly publishers = new Set<RecordPublisher>();
  private readonly consumptions = new Set<Consumption>();
  private closed = false;

  /** Opens no connection yet. */
  constructor(
    private readonly options: KafkaOptions,
    private readonly limits: SendLimits = DEFAULT_SEND_LIMITS,
  ) {
    this.admin = new KafkaAdmin(options);
  }

  async ping(deadlineMs: number = DEFAULT_PING_MS): Promise<void> {
    await this.admin.ping(deadlineMs);
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<TopicReport> {
    return this.admin.ensureTopics(specs);
  }

  async describeTopics(kafkaTopics: readonly string[]): Promise<readonly TopicDescription[]> {
    return this.admin.describeTopics(kafkaTopics);
  }

  async listTopics(): Promise<readonly string[]> {
    return this.admin.listTopics();
  }

  async createPublisher(): Promise<RecordPublisher> {
    this.assertOpen();
    const sender = new KafkaSender(this.options);
    sender.warmUp();
    const publisher = new SendQueue(sender, this.limits);
    this.publishers.add(publisher);
    return publisher;
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    this.assertOpen();
    const own = { ...options, onFatal: toldOnce(options.onFatal) };
    const members = Array.from(
      { length: options.members ?? 1 },
      () => new KafkaConsumption(this.options, this.admin, own),
    );
    const consumption = new CombinedConsumption(members);
    this.consumptions.add(consumption);
    return consumption;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.consumptions].map((consumption) => consumption.stop()));
    await Promise.all([...this.publishers].map((publisher) => publisher.close()));
    await this.admin.close();
  }

  private assertOpen(): void {
    if (this.closed) throw new TransportError('CLOSED');
  }
}
