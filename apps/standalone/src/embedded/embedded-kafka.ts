import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lchownSync, mkdirSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { StartError, type StatusLine, statusLine } from '@tidings/runtime';
import type { DataDirectory } from './data-directory.js';
import { claimPort, freePort } from './free-port.js';
import { findJava } from './java.js';
import { clientFiles } from './kafka-client-files.js';
import { cachedKafkaJars } from './kafka-jars.js';
import { kafkaProperties, type KafkaLogin } from './kafka-properties.js';
import { runProgram } from './program-run.js';
import { withProgress } from './progress.js';
import { type Account, type AccountChange, accountFor } from './server-account.js';
import { ServerProcess, stopOrphan, type StopStep } from './server-process.js';

const HOST = '127.0.0.1';
const KEY = 'kafka';
const USER = 'tidings';
const READY_WITHIN_MS = 60_000;

/** A broker with a few thousand messages stops in 0.3 s; one that has to flush much may need longer. */
const STOP_STEPS: readonly StopStep[] = [
  { signal: 'SIGTERM', withinMs: 5_000 },
  { signal: 'SIGKILL', withinMs: 1_000 },
];

/** Small and quick to start: 210 MB resident, 1.8 s to the open port. For much traffic give it more heap and its second compiler. */
const JVM_FLAGS = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'];

export interface EmbeddedKafkaOptions {
  readonly directory: DataDirectory;
  /** Where the jars are kept; absolute. */
  readonly cacheDirectory: string;
  /** 0 chooses a free one. */
  readonly port: number;
  /** The value of JAVA_HOME, where it is set. */
  readonly javaHome?: string;
  /** Instead of the usual ones. */
  readonly jvmFlags?: readonly string[];
  /** Broker settings over the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly progress?: StatusLine;
  /** Whether everybody on this machine may read and write without a login. */
  readonly isOpen?: boolean;
}

/**
 * The real Apache Kafka as a child process: one node, broker and controller at once (KRaft), on the loopback alone, and
 * behind a login whose secret only the owner of the data directory can read. Run as root, it belongs to another account.
 */
export class EmbeddedKafka {
  private server: ServerProcess | undefined;
  private port: number;
  private own: KafkaLogin | undefined;

  constructor(private readonly options: EmbeddedKafkaOptions) {
    this.port = options.port;
  }

  /** Stops the broker that a killed instance left running in a data directory which is ours now. {@link start} does this too. */
  static async stopOrphan(directory: DataDirectory): Promise<void> {
    await stopOrphan({ key: KEY, stopSteps: STOP_STEPS }, directory);
  }

  /** What clients connect to. Known once it has started. */
  get brokers(): readonly string[] {
    return [`${HOST}:${this.port}`];
  }

  /** As whom clients connect. Known once it has started; undefined where everybody may. */
  get login(): KafkaLogin | undefined {
    return this.own;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.server?.pid;
  }

  /** Settles when the broker has ended, by itself or stopped, with how. Never while it has not been started. */
  get ended(): Promise<string> {
    return this.server?.ended ?? new Promise(() => undefined);
  }

  /**
   * Fetches what is missing, formats the storage the first time, starts the broker and waits until it takes requests.
   * May be called again after a stop; the port stays the same then.
   *
   * @param signal gives up; what runs already still has to be stopped
   * @throws {StartError} no Java, no jars, the port in use, or the broker's own last words
   */
  async start(signal?: AbortSignal): Promise<void> {
    const { directory, cacheDirectory } = this.options;
    const progress = this.options.progress ?? statusLine;
    await EmbeddedKafka.stopOrphan(directory);
    this.port = await claimPort(this.port, 'EMBEDDED_KAFKA_PORT');
    const [java, jars] = await Promise.all([
      findJava(this.options.javaHome),
      cachedKafkaJars(cacheDirectory, progress, signal),
    ]);
    if (this.options.isOpen !== true) this.own = { username: USER, password: directory.secret('kafka-password') };
    await withProgress('Starting Kafka', progress, async () => {
      const folder = directory.file(KEY);
      mkdirSync(folder, { recursive: true });
      // Also where an earlier version has made it.
      chmodSync(folder, 0o700);
      const needed = [...jars, java.home].filter((path) => path !== undefined);
      const account = accountFor(folder, needed, { name: 'Kafka', instead: 'KAFKA_BROKERS=host:port' });
      const properties = await this.writeProperties();
      if (account !== undefined) handOver(folder, account.account);
      for (const [name, content] of clientFiles(this.brokers, this.own)) directory.writePrivate(name, content);
      const flags = [...(this.options.jvmFlags ?? JVM_FLAGS), ...this.logFlags()];
      const args = [...flags, '-cp', jars.join(delimiter)];
      if (!existsSync(directory.file(KEY, 'data', 'meta.properties')))
        await format(java.command, args, properties, account, signal);
      signal?.throwIfAborted();
      this.server = await ServerProcess.spawn(
        {
          name: 'Kafka',
          key: KEY,
          ...wrapped(account, java.command, [...args, 'kafka.Kafka', properties]),
          // The account that runs it may have no way to ours.
          cwd: account === undefined ? folder : '/',
          ...(account?.ids !== undefined && { account: account.ids }),
          stopSteps: STOP_STEPS,
        },
        directory,
      );
      // The broker opens this port last, when the controller has let it in.
      await this.server.ready(async () => answers(this.port), READY_WITHIN_MS);
    });
  }

  /** Stops the broker, so that it finds everything in order when it starts again. */
  async stop(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }

  /** Ends the broker as a power cut would, and waits until it is gone. */
  async kill(): Promise<void> {
    await this.server?.stop([{ signal: 'SIGKILL', withinMs: 5_000 }]);
    this.server = undefined;
  }

  private async writeProperties(): Promise<string> {
    const { directory, settings } = this.options;
    const file = directory.file(KEY, 'server.properties');
    const controllerPort = await freePort(HOST);
    const properties = kafkaProperties({
      host: HOST,
      port: this.port,
      controllerPort,
      dataFolder: directory.file(KEY, 'data'),
      login: this.own,
      settings,
    });
    directory.writePrivate(join(KEY, 'server.properties'), properties);
    return file;
  }

  private logFlags(): string[] {
    const logger = '-Dorg.slf4j.simpleLogger';
    return [
      `${logger}.defaultLogLevel=warn`,
      `${logger}.showDateTime=true`,
      `${logger}.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ`,
    ];
  }
}

function wrapped(
  account: AccountChange | undefined,
  command: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  return account?.wrap(command, args) ?? { command, args };
}

/** Everything below a folder, too: an earlier run may have been another account's. */
function handOver(folder: string, { uid, gid }: Account): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(folder, name), uid, gid);
}

async function format(
  java: string,
  args: readonly string[],
  properties: string,
  account: AccountChange | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const tool = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', clusterId(), '-c', properties];
  const { command, args: all } = wrapped(account, java, [...args, ...tool]);
  const { code, output } = await runProgram(command, all, { signal, ids: account?.ids, cwd: '/' });
  if (code === 0) return;
  throw new StartError(`Kafka's storage could not be formatted:\n${output.trim().split('\n').slice(-5).join('\n')}`);
}

/** A UUID as Kafka writes them; one that begins with a dash would look like an option on the command line. */
function clusterId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    const finish = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
