import { join } from 'node:path';
import { type Environment, StartError } from '@tidings/runtime';
import { DataDirectory } from './embedded/data-directory.js';
import { EmbeddedKafka } from './embedded/embedded-kafka.js';
import { EmbeddedPostgres } from './embedded/embedded-postgres.js';
import { claimPort } from './embedded/free-port.js';

const ADMIN_TOKEN_FILE = 'admin-token';
const SECRET_KEY_FILE = 'secret-key';

/** What destinations may be on, unless it is configured: this machine, where people try things out. */
const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1/128'];

/** As LXD's clients look for it in the folder that LXD_DIR names. */
const LXD_SOCKET_FILE = 'unix.socket';

/**
 * What the apps need and the environment does not name: a Kafka, a PostgreSQL, an admin token, a key for secrets. The
 * data directory is taken only where one of them has to be kept in it.
 */
export class Servers {
  private directory: DataDirectory | undefined;
  private kafka: EmbeddedKafka | undefined;
  private postgres: EmbeddedPostgres | undefined;
  private stopping = false;

  private constructor(private readonly given: Environment) {}

  /**
   * Starts what is missing; both servers side by side. What has been started is stopped again when this fails.
   *
   * @param signal gives up
   * @param onEnd called when a server ends that nobody stopped
   * @throws {StartError} also when the port of the apps cannot be had: that is known before anything is started
   */
  static async start(given: Environment, signal: AbortSignal, onEnd: (error: Error) => void): Promise<Servers> {
    const servers = new Servers(given);
    try {
      await servers.openDirectory(signal);
      if (given.port !== 0) await claimPort(given.port, 'PORT', given.host);
      await servers.startMissing(signal);
      servers.watch(onEnd);
      return servers;
    } catch (error) {
      await servers.stop();
      throw error;
    }
  }

  /** The one given, with what was missing filled in. */
  get environment(): Environment {
    const { adminToken, dataDir, kafka, lxdApi, database, notifications } = this.given;
    return {
      ...this.given,
      adminToken: adminToken ?? this.directory?.secret(ADMIN_TOKEN_FILE),
      lxdApi: { ...lxdApi, socket: lxdApi.socket ?? join(dataDir, LXD_SOCKET_FILE) },
      notifications: {
        ...notifications,
        secretKey: notifications.secretKey ?? this.directory?.secret(SECRET_KEY_FILE),
        outboundAllow: notifications.outboundAllow ?? LOOPBACK,
      },
      kafka: kafka.brokers === undefined ? { ...kafka, ...this.embeddedKafka() } : kafka,
      database: database.url === undefined ? { ...database, ...this.embeddedDatabase() } : database,
    };
  }

  private embeddedDatabase(): Pick<Environment['database'], 'url' | 'owner'> {
    const { postgres } = this;
    return { url: postgres?.url, owner: postgres && { url: postgres.ownerUrl, tls: undefined } };
  }

  private embeddedKafka(): Pick<Environment['kafka'], 'brokers' | 'sasl' | 'tls'> {
    const login = this.kafka?.login;
    return {
      brokers: this.kafka?.brokers,
      sasl: login === undefined ? undefined : { mechanism: 'plain', ...login },
      tls: undefined,
    };
  }

  /** Where the admin token is kept, unless it was given. */
  get adminTokenFile(): string {
    return join(this.given.dataDir, ADMIN_TOKEN_FILE);
  }

  /** Lets the command line find the server. */
  announceUrl(url: string): void {
    this.directory?.announceUrl(url);
  }

  /** Stops Kafka, then PostgreSQL, and lets another instance have the data directory. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.kafka?.stop();
    await this.postgres?.stop();
    this.directory?.release();
  }

  private async openDirectory(signal: AbortSignal): Promise<void> {
    const { kafka, database, adminToken, notifications, dataDir } = this.given;
    const kept = [kafka.brokers, database.url, adminToken, notifications.secretKey];
    if (kept.every((setting) => setting !== undefined)) return;
    await DataDirectory.whenNotStopping(dataDir);
    const directory = DataDirectory.open(dataDir);
    signal.addEventListener('abort', () => directory.announceStop(), { once: true });
    this.directory = directory;
  }

  private async startMissing(signal: AbortSignal): Promise<void> {
    const { directory } = this;
    if (directory === undefined) return;
    const { kafka, database, embedded, cacheDir } = this.given;
    if (kafka.brokers === undefined) {
      const { kafkaPort: port, kafkaIsOpen: isOpen, javaHome } = embedded;
      this.kafka = new EmbeddedKafka({
        directory,
        cacheDirectory: cacheDir,
        port,
        isOpen,
        ...(javaHome !== undefined && { javaHome }),
      });
    }
    if (database.url === undefined) {
      this.postgres = new EmbeddedPostgres({ directory, port: embedded.postgresPort });
    }
    // When one fails there is no use in the other, which may have minutes of fetching before it.
    const failure = new AbortController();
    const either = AbortSignal.any([signal, failure.signal]);
    const missing = [this.kafka, this.postgres].filter((server) => server !== undefined);
    const starts = missing.map(async (server) => server.start(either).catch((error: unknown) => failure.abort(error)));
    await Promise.all(starts);
    either.throwIfAborted();
  }

  private watch(onEnd: (error: Error) => void): void {
    for (const [name, server] of Object.entries({ Kafka: this.kafka, PostgreSQL: this.postgres })) {
      void server?.ended.then((how) => {
        if (this.stopping) return;
        onEnd(new StartError(`The embedded ${name} ended by itself (${how}); its log is in ${this.given.dataDir}.`));
      });
    }
  }
}
