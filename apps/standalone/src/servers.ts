import { join } from 'node:path';
import { type Environment, StartError } from '@tidings/runtime';
import { DataDirectory } from './embedded/data-directory.js';
import { EmbeddedKafka } from './embedded/embedded-kafka.js';
import { EmbeddedPostgres } from './embedded/embedded-postgres.js';

const ADMIN_TOKEN_FILE = 'admin-token';

/**
 * What the apps need and the environment does not name: a Kafka, a PostgreSQL, an admin token. The data directory is
 * taken only where one of them has to be kept in it.
 */
export class Servers {
  private stopping = false;

  private constructor(
    private readonly directory: DataDirectory | undefined,
    private readonly kafka: EmbeddedKafka | undefined,
    private readonly postgres: EmbeddedPostgres | undefined,
    /** The one given, with what was missing filled in. */
    readonly environment: Environment,
  ) {}

  /**
   * Starts what is missing; both servers side by side. What has been started is stopped again when this fails.
   *
   * @param signal gives up
   * @param onEnd called when a server ends that nobody stopped
   */
  static async start(environment: Environment, signal: AbortSignal, onEnd: (error: Error) => void): Promise<Servers> {
    const { kafka: kafkaSettings, database, adminToken, embedded } = environment;
    const isComplete = kafkaSettings.brokers !== undefined && database.url !== undefined && adminToken !== undefined;
    if (isComplete) return new Servers(undefined, undefined, undefined, environment);

    const directory = DataDirectory.open(environment.dataDir);
    const kafka =
      kafkaSettings.brokers === undefined
        ? new EmbeddedKafka({
            directory,
            cacheDirectory: environment.cacheDir,
            port: embedded.kafkaPort,
            ...(embedded.javaHome !== undefined && { javaHome: embedded.javaHome }),
          })
        : undefined;
    const postgres =
      database.url === undefined ? new EmbeddedPostgres({ directory, port: embedded.postgresPort }) : undefined;
    const abort = new AbortController();
    const either = AbortSignal.any([signal, abort.signal]);
    const starts = [kafka, postgres].map(async (server) => {
      try {
        await server?.start(either);
      } catch (error) {
        // There is no use in the other one then, and it may have minutes of fetching before it.
        abort.abort(error);
        throw error;
      }
    });
    await Promise.allSettled(starts);
    const servers = new Servers(directory, kafka, postgres, {
      ...environment,
      adminToken: adminToken ?? directory.secret(ADMIN_TOKEN_FILE),
      kafka: { ...kafkaSettings, brokers: kafkaSettings.brokers ?? kafka?.brokers },
      database: { ...database, url: database.url ?? postgres?.url },
    });
    if (either.aborted) {
      await servers.stop();
      throw either.reason;
    }
    servers.watch(onEnd);
    return servers;
  }

  /** Where the admin token is kept, unless it was given. */
  get adminTokenFile(): string {
    return join(this.environment.dataDir, ADMIN_TOKEN_FILE);
  }

  /** Stops Kafka, then PostgreSQL, and lets another instance have the data directory. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.kafka?.stop();
    await this.postgres?.stop();
    this.directory?.release();
  }

  private watch(onEnd: (error: Error) => void): void {
    for (const [name, server] of Object.entries({ Kafka: this.kafka, PostgreSQL: this.postgres })) {
      void server?.ended.then((how) => {
        if (!this.stopping) {
          onEnd(
            new StartError(`The embedded ${name} ended by itself (${how}); its log is in ${this.directory?.path}.`),
          );
        }
      });
    }
  }
}
