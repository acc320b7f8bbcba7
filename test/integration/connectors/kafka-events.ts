import { decodeRecord, isLifecycleTopic, KafkaTransport, type Consumption } from '@tidings/transport';
import { freshName } from '../../harness/fresh-names.js';

/** What lies on Kafka: every life-cycle event of a prefix. */
export class KafkaEvents {
  private readonly found: { readonly type: string; readonly text: string }[] = [];

  private constructor(
    private readonly transport: KafkaTransport,
    private readonly stopConsumption: () => Promise<void>,
  ) {}

  static async of(brokers: string, prefix: string): Promise<KafkaEvents> {
    const transport = new KafkaTransport({ brokers: brokers.split(','), clientId: 'test' });
    const consumption: { current?: Consumption } = {};
    const events = new KafkaEvents(transport, async () => consumption.current?.stop());
    consumption.current = await transport.consume({
      groupId: freshName(),
      matches: (kafkaTopic) => isLifecycleTopic(prefix, kafkaTopic),
      handle: async ({ records }) => {
        for (const record of records) {
          const decoded = decodeRecord(record);
          const type = decoded.kind === 'event' ? decoded.event.type : '';
          events.found.push({ type, text: record.value?.toString('utf8') ?? '' });
        }
      },
    });
    return events;
  }

  has(text: string): boolean {
    return this.count(text) > 0;
  }

  /** How many messages have the text in them. */
  count(text: string): number {
    return this.found.filter((one) => one.text.includes(text)).length;
  }

  /** The data of all events of a type. */
  data(type: string): readonly Readonly<Record<string, unknown>>[] {
    return this.found
      .filter((one) => one.type === type)
      .map(({ text }) => JSON.parse(text) as Readonly<Record<string, unknown>>);
  }

  /** The numbers that the pattern finds, as they came, each where it came first. */
  firstNumbers(pattern: RegExp): readonly number[] {
    const numbers = this.found.map(({ text }) => pattern.exec(text)?.[1]).filter((number) => number !== undefined);
    return [...new Set(numbers)].map(Number);
  }

  async stop(): Promise<void> {
    await this.stopConsumption();
    await this.transport.close();
  }
}
