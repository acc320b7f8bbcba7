import { catalogue } from '@tidings/catalogue';
import { KafkaTransport, lifecycleTopics } from '@tidings/transport';
import { type EmbeddedServers, startEmbeddedServers } from '../harness/embedded-servers.js';
import { peakMegabytes } from './process-memory.js';
import { type App, type AppProcess, type ProcessEnvironment, startApp } from '../harness/app-process.js';

export const ADMIN_TOKEN = 'bench-admin-token-that-is-long-enough';
export const AUTHORIZATION = { authorization: `Bearer ${ADMIN_TOKEN}` };

export const PARTITIONS = 6;

/** Real servers, and the apps as processes of their own. */
export class BenchWorld {
  private readonly peaks = new Map<string, number>();

  private constructor(private readonly servers: EmbeddedServers) {}

  static async create(): Promise<BenchWorld> {
    const servers = await startEmbeddedServers({
      kafkaJvmFlags: ['-Xms512m', '-Xmx512m', '-XX:+UseG1GC'],
      postgresSettings: { shared_buffers: '1GB', max_wal_size: '8GB', jit: 'off' },
    });
    return new BenchWorld(servers);
  }

  get brokers(): readonly string[] {
    return this.servers.kafka.brokers;
  }

  get databaseUrl(): string {
    return this.servers.postgres.ownerUrl;
  }

  /** @see kafkaTopics */
  async topics(prefix: string): Promise<KafkaTransport> {
    return kafkaTopics(this.brokers, prefix);
  }

  /** Runs an app while `work` goes on, and remembers the most memory it held. */
  async withApp<T>(name: string, app: App, env: ProcessEnvironment, work: (app: AppProcess) => Promise<T>): Promise<T> {
    const running = await startApp(app, {
      KAFKA_BROKERS: this.brokers.join(','),
      DATABASE_URL: this.databaseUrl,
      KAFKA_PARTITIONS: String(PARTITIONS),
      TIDINGS_ADMIN_TOKEN: ADMIN_TOKEN,
      LOG_LEVEL: 'warn',
      ...env,
    });
    try {
      const result = await work(running);
      this.peaks.set(name, peakMegabytes(running.pid));
      return result;
    } finally {
      await running.stop();
    }
  }

  /** The most resident memory of each app that ran, MB. */
  peakMemory(): ReadonlyMap<string, number> {
    return this.peaks;
  }

  async close(): Promise<void> {
    await this.servers.stop();
  }
}

/** kafkaTopics of six partitions under a prefix of their own. */
export async function kafkaTopics(brokers: readonly string[], prefix: string): Promise<KafkaTransport> {
  const transport = new KafkaTransport({ brokers, clientId: 'bench' });
  const settings = {
    prefix,
    partitions: PARTITIONS,
    replicationFactor: 1,
    retentionHours: 1,
    maxEventBytes: 1 << 20,
  };
  await transport.ensureTopics(lifecycleTopics(catalogue, settings));
  return transport;
}
