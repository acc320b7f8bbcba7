import { CombinedConsumption, toldOnce } from '../combined-consumption.js';
import { TransportError } from '../errors.js';
import type {
  ConsumeOptions,
  Consumption,
  IncomingRecord,
  RecordPlace,
  RecordPublisher,
  TopicDescription,
  TopicReport,
  TopicSpec,
  Transport,
} from '../port.js';
import { SendQueue, type RecordSender, type SendFailure, type TopicRecords } from '../send-queue.js';
import { topicFindings } from '../topic-check.js';
import { MemoryConsumption } from './memory-consumption.js';
import { MemoryGroup } from './memory-group.js';
import { MemoryLog } from './memory-log.js';

/** The port without a broker, for tests: one process, nothing kept, the same promises. */
export class MemoryTransport implements Transport {
  private readonly log = new MemoryLog();
  private readonly groups = new Map<string, MemoryGroup>();
  private readonly publishers = new Set<RecordPublisher>();
  private readonly consumptions = new Set<Consumption>();
  private reachable = true;
  private closed = false;

  constructor() {
    this.log.listen(() => this.tellGroups());
  }

  /** Lets the broker go away and come back. */
  setReachable(reachable: boolean): void {
    this.reachable = reachable;
    if (reachable) this.tellGroups();
  }

  /** Everything written to a kafkaTopic, partition by partition. */
  records(kafkaTopic: string): readonly IncomingRecord[] {
    return this.log.partitions(kafkaTopic).flatMap(({ records }) => records);
  }

  async ping(): Promise<void> {
    this.assertReachable();
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<TopicReport> {
    this.assertReachable();
    const existing = specs.filter(({ kafkaTopic }) => this.log.spec(kafkaTopic) !== undefined);
    const findings = existing.flatMap((spec) => topicFindings(spec, this.describe(spec.kafkaTopic)));
    const created = specs.filter((spec) => this.log.create(spec)).map(({ kafkaTopic }) => kafkaTopic);
    return { created, findings };
  }

  async describeTopics(kafkaTopics: readonly string[]): Promise<readonly TopicDescription[]> {
    this.assertReachable();
    return kafkaTopics.map((kafkaTopic) => this.describe(kafkaTopic)).filter((one) => one !== undefined);
  }

  async listTopics(): Promise<readonly string[]> {
    this.assertReachable();
    return this.log.names();
  }

  async createPublisher(): Promise<RecordPublisher> {
    this.assertOpen();
    const publisher = new SendQueue(new MemorySender(this.log, () => this.reachable));
    this.publishers.add(publisher);
    return publisher;
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    this.assertOpen();
    const group = this.groups.get(options.groupId) ?? new MemoryGroup(this.log);
    this.groups.set(options.groupId, group);
    const { members = 1 } = options;
    const own = { ...options, onFatal: toldOnce(options.onFatal) };
    const consumption = new CombinedConsumption(
      Array.from({ length: members }, () => new MemoryConsumption(group, own, () => this.reachable)),
    );
    this.consumptions.add(consumption);
    return consumption;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.consumptions].map((consumption) => consumption.stop()));
    await Promise.all([...this.publishers].map((publisher) => publisher.close()));
  }

  private describe(kafkaTopic: string): TopicDescription | undefined {
    const spec = this.log.spec(kafkaTopic);
    return spec === undefined ? undefined : { ...spec, config: spec.config ?? {} };
  }

  private tellGroups(): void {
    for (const group of this.groups.values()) group.tell();
  }

  private assertReachable(): void {
    this.assertOpen();
    if (!this.reachable) throw new TransportError('UNAVAILABLE');
  }

  private assertOpen(): void {
    if (this.closed) throw new TransportError('CLOSED');
  }
}

class MemorySender implements RecordSender {
  constructor(
    private readonly log: MemoryLog,
    private readonly isReachable: () => boolean,
  ) {}

  async send(batches: readonly TopicRecords[]): Promise<readonly (readonly RecordPlace[])[]> {
    if (!this.isReachable()) throw new TransportError('UNAVAILABLE');
    return batches.map(({ kafkaTopic, records }) => this.log.append(kafkaTopic, records));
  }

  failureOf(error: unknown): SendFailure {
    const code = error instanceof TransportError ? error.code : 'UNAVAILABLE';
    if (code === 'TOO_LARGE') return { scope: 'record', code, cause: error };
    if (code === 'UNKNOWN_TOPIC') return { scope: 'topic', code, cause: error };
    return { scope: 'broker', code: 'UNAVAILABLE', cause: error };
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }
}
