import type { Pool } from 'pg';
import { createDataSource, poolOf } from '@tidings/database';
import {
  AnnouncementRepository,
  type BatchIngest,
  type BatchIngestParts,
  createBatchIngest,
  DEAD_LETTER_TOPIC,
  DeadLetterAnnouncer,
  EVENTS_MIGRATIONS,
  EVENTS_SCHEMA,
  IngestState,
} from '@tidings/events';
import type { BatchControl, IncomingRecord, OutgoingRecord } from '@tidings/transport';
import { freshDatabase } from '../../harness/fresh-database.js';

/** A message before it has a place in a partition. */
export type Message = Pick<IncomingRecord, 'headers' | 'value'> & Partial<Pick<IncomingRecord, 'key' | 'timestamp'>>;

export interface EventInTest {
  readonly id: string;
  readonly type: string;
  readonly source?: string;
  readonly time?: string;
  readonly subject?: string;
  /** JSON text goes as it is. */
  readonly data: unknown;
  readonly extensions?: Readonly<Record<string, string>>;
}

const control: BatchControl = { heartbeat: () => Promise.resolve(), isStale: () => false };

/** The ingest over a database of its own, without Kafka: the test hands it the batches. */
export class IngestWorld {
  /** What was said on the kafkaTopic of dead letters. */
  readonly announced: OutgoingRecord[] = [];
  readonly state = new IngestState(() => undefined);
  private readonly offsets = new Map<string, number>();

  private constructor(
    readonly pool: Pool,
    private readonly settings: Partial<BatchIngestParts>,
    readonly close: () => Promise<void>,
  ) {}

  /** @param settings of the ingest, over the usual ones */
  static async create(serverUrl: string, settings: Partial<BatchIngestParts> = {}): Promise<IngestWorld> {
    const database = await freshDatabase(serverUrl);
    const dataSource = await createDataSource({
      url: database.url,
      applicationName: 'test',
      schema: EVENTS_SCHEMA,
      migrations: EVENTS_MIGRATIONS,
      poolSize: 5,
    });
    return new IngestWorld(poolOf(dataSource), settings, async () => {
      await dataSource.destroy();
      await database.drop();
    });
  }

  /** Hands the messages over as the next ones of a partition. */
  async ingest(messages: readonly Message[], partition = 0, kafkaTopic = 'lifecycle.waldur.customers'): Promise<void> {
    const place = `${kafkaTopic}/${partition}`;
    const first = this.offsets.get(place) ?? 0;
    this.offsets.set(place, first + messages.length);
    const records = messages.map((message, index) => ({
      key: null,
      timestamp: '1762070513204',
      ...message,
      offset: String(first + index),
    }));
    await this.batchIngest().handle({ kafkaTopic, partition, records }, control);
    await this.announcer.announce();
  }

  /** As after a restart: nothing is remembered. */
  private batchIngest(): BatchIngest {
    return createBatchIngest({ pool: this.pool, prefix: '', state: this.state, ...this.settings });
  }

  private get announcer(): DeadLetterAnnouncer {
    return new DeadLetterAnnouncer({
      repository: new AnnouncementRepository(this.pool),
      kafkaTopic: DEAD_LETTER_TOPIC,
      makeTopic: () => Promise.resolve(),
      report: () => undefined,
      publisher: {
        publish: (records) => {
          this.announced.push(...records);
          return Promise.resolve([]);
        },
        close: () => Promise.resolve(),
      },
    });
  }

  /** The next batch of each partition has the first offsets again, as after a crash before the commit. */
  rewind(): void {
    this.offsets.clear();
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    return (await this.pool.query<Record<string, unknown>>(sql)).rows;
  }

  async count(): Promise<number> {
    const [row] = await this.query('SELECT count(*)::integer AS count FROM events.event');
    return Number(row?.['count']);
  }

  async deadLetters(): Promise<Record<string, unknown>[]> {
    return await this.query('SELECT * FROM events.dead_letter ORDER BY id');
  }
}

/** An event as any client writes it to Kafka: a CloudEvent in binary mode. */
export function record(event: EventInTest): Message {
  const attributes: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: event.source ?? '/waldur/main',
    ce_type: event.type,
    ce_time: event.time ?? '2026-11-02T08:01:53.204968Z',
    'content-type': 'application/json',
    ...(event.subject !== undefined && { ce_subject: event.subject }),
    ...Object.fromEntries(Object.entries(event.extensions ?? {}).map(([name, value]) => [`ce_${name}`, value])),
  };
  return {
    headers: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, Buffer.from(value)])),
    value: Buffer.from(typeof event.data === 'string' ? event.data : JSON.stringify(event.data)),
  };
}

/** The same as the gateway marks it when a system sent it natively. */
export function native(event: EventInTest): Message {
  const { headers, value } = record(event);
  return { headers: { ...headers, 'tidings-origin': Buffer.from('native') }, value };
}
