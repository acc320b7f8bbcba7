import { TransportError } from '../errors.js';
import { silentLog, type TransportLog } from '../log.js';
import type { ConsumeOptions, ConsumerLag, Consumption } from '../port.js';
import { RetryPauses } from '../retry-pauses.js';
import { Watchdog } from '../watchdog.js';
import type { KafkaAdmin } from './kafka-admin.js';
import { isPassing } from './kafka-failure.js';
import { KafkaMember } from './kafka-member.js';
import type { KafkaOptions } from './kafka-options.js';
import { TopicIdentities } from './topic-identities.js';

const DEFAULTS = {
  concurrency: 3,
  discoverEveryMs: 10_000,
  maxBytesPerPartition: 1024 * 1024,
  maxBytes: 8 * 1024 * 1024,
  maxRecordBytes: 16 * 1024 * 1024,
  stallAfterMs: 120_000,
} as const;

const FIRST_RESTART_MS = 200;
const MAX_RESTART_MS = 5_000;
/** Crashes in a row, without a batch finished in between, that no outage explains. */
const MAX_CRASHES = 5;

/**
 * Keeps a member in the group for as long as it runs: makes one for the kafkaTopics that match, another when the list of
 * kafkaTopics changes, another after a crash. Only a crash that repeats, or a stall, is handed to `onFatal`.
 */
export class KafkaConsumption implements Consumption {
  private readonly log: TransportLog;
  private readonly pauses = new RetryPauses();
  private readonly identities = new TopicIdentities();
  private readonly watchdog: Watchdog;
  private readonly done: Promise<void>;
  private member: KafkaMember | undefined;
  /** Of the member before. */
  private lastFetch: string | undefined;
  /** Where it was found standing still. */
  private lagging: ConsumerLag | undefined;
  private kafkaTopics: readonly string[] = [];
  private discovered = false;
  private unreadable = false;
  private stopping = false;
  private ending: Promise<void> | undefined;
  private lastLifeAt = Date.now();
  private crashes = 0;
  private wake: (() => void) | undefined;
  private discovery: NodeJS.Timeout | undefined;

  constructor(
    private readonly kafka: KafkaOptions,
    private readonly admin: KafkaAdmin,
    private readonly options: ConsumeOptions,
  ) {
    this.log = kafka.log ?? silentLog;
    this.watchdog = new Watchdog(
      {
        lastLifeAt: () => this.lastLifeAt,
        isExcused: () => this.options.isWaiting?.() ?? false,
        hasLag: () => this.hasOwnLag(),
      },
      options.stallAfterMs ?? DEFAULTS.stallAfterMs,
      (forMs) => this.fail(new TransportError('STALLED', { detail: this.stallOf(forMs) })),
    );
    this.watchdog.start();
    this.discoverLater();
    this.done = this.supervise();
  }

  isJoined(): boolean {
    if (this.stopping) return false;
    return this.member === undefined ? this.discovered && this.kafkaTopics.length === 0 : this.member.isJoined();
  }

  trouble(): string | undefined {
    return this.member?.trouble();
  }

  async lag(): Promise<readonly ConsumerLag[]> {
    const kafkaTopics = (await this.admin.listTopics()).filter((kafkaTopic) => this.options.matches(kafkaTopic));
    return this.admin.lag(this.options.groupId, kafkaTopics, (...place) => this.member?.positionOf(...place));
  }

  async stop(): Promise<void> {
    this.ending ??= this.end();
    await this.ending;
  }

  private async end(): Promise<void> {
    this.stopping = true;
    this.watchdog.stop();
    clearTimeout(this.discovery);
    this.wake?.();
    await this.member?.stop();
    await this.done;
  }

  private async supervise(): Promise<void> {
    let restartMs = FIRST_RESTART_MS;
    while (!this.stopping) {
      if (!(await this.discover()) || this.kafkaTopics.length === 0) {
        await this.pause(Math.min(MAX_RESTART_MS, this.options.discoverEveryMs ?? DEFAULTS.discoverEveryMs));
        continue;
      }
      // Stopped while the broker was asked: a member made now would have nobody to stop it.
      if (this.stopping) return;
      const startedWith = this.crashes;
      const error = await this.runMember();
      if (error === undefined) {
        restartMs = FIRST_RESTART_MS;
        continue;
      }
      if (this.isHopeless(error)) return;
      if (this.crashes < startedWith) restartMs = FIRST_RESTART_MS;
      await this.pause(restartMs);
      restartMs = Math.min(MAX_RESTART_MS, restartMs * 2);
    }
  }

  private async runMember(): Promise<Error | undefined> {
    const member = new KafkaMember(this.kafka, {
      groupId: this.options.groupId,
      kafkaTopics: this.kafkaTopics,
      handle: this.options.handle,
      concurrency: this.options.concurrency ?? DEFAULTS.concurrency,
      maxBytesPerPartition: this.options.maxBytesPerPartition ?? DEFAULTS.maxBytesPerPartition,
      maxBytes: this.options.maxBytes ?? DEFAULTS.maxBytes,
      maxRecordBytes: this.options.maxRecordBytes ?? DEFAULTS.maxRecordBytes,
      pauses: this.pauses,
      identities: this.identities,
      log: this.log,
      onLife: () => this.noteLife(),
      onFinished: () => {
        this.crashes = 0;
        this.noteLife();
      },
      onUnknownTopics: () => void this.rediscover(),
    });
    this.member = member;
    try {
      const error = await member.run();
      // Whatever it has left (sockets, timers) goes with it.
      if (error !== undefined) await member.stop();
      return error;
    } finally {
      this.lastFetch = member.lastFetch();
      this.member = undefined;
    }
  }

  /** @returns whether there is no point in another try */
  private isHopeless(error: Error): boolean {
    const { lastFetch } = this;
    // A broker that has just started loads its groups first: nothing for people to act on.
    const level = error.message.includes('coordinator is loading') ? 'debug' : 'warn';
    this.log(level, 'the consumer crashed', { groupId: this.options.groupId, error: error.message, lastFetch });
    if (isPassing(error)) return false;
    this.crashes += 1;
    if (this.crashes <= MAX_CRASHES) return false;
    const place = lastFetch === undefined ? '' : ` (it last read kafkaTopic ${lastFetch})`;
    this.fail(new TransportError('CRASHED', { detail: `${error.message}${place}`, cause: error }));
    return true;
  }

  private fail(error: TransportError): void {
    this.log('error', error.message, { groupId: this.options.groupId });
    this.watchdog.stop();
    this.options.onFatal?.(error);
  }

  /** @returns whether the broker told which kafkaTopics there are */
  private async discover(): Promise<boolean> {
    try {
      const all = await this.admin.listTopics();
      this.kafkaTopics = all.filter((kafkaTopic) => this.options.matches(kafkaTopic)).sort();
      if (this.unreadable) this.log('info', 'the list of kafkaTopics can be read again');
      this.unreadable = false;
      this.discovered = true;
      return true;
    } catch (error) {
      // Once an outage, not once a try.
      if (!this.unreadable) this.log('warn', 'the list of kafkaTopics could not be read', { error: String(error) });
      this.unreadable = true;
      return false;
    }
  }

  private discoverLater(): void {
    if (this.stopping) return;
    this.discovery = setTimeout(() => {
      void this.rediscover().finally(() => this.discoverLater());
    }, this.options.discoverEveryMs ?? DEFAULTS.discoverEveryMs);
    this.discovery.unref();
  }

  private async rediscover(): Promise<void> {
    const before = this.kafkaTopics.join();
    if (this.stopping || !(await this.discover()) || this.kafkaTopics.join() === before) return;
    this.log('info', 'the list of kafkaTopics changed; the consumer starts anew', {
      kafkaTopics: this.kafkaTopics.length,
    });
    this.wake?.();
    await this.member?.stop();
  }

  private noteLife(): void {
    this.lastLifeAt = Date.now();
  }

  /** Of the partitions that are ours; while we have joined nothing, of all of them. */
  private async hasOwnLag(): Promise<boolean> {
    const own = this.member?.isJoined() === true ? this.member.assigned() : undefined;
    this.lagging = (await this.lag()).find(
      ({ kafkaTopic, partition, lag }) =>
        lag > 0n && (own === undefined || own[kafkaTopic]?.includes(partition) === true),
    );
    return this.lagging !== undefined;
  }

  private stallOf(forMs: number): string {
    const { kafkaTopic, partition, position } = this.lagging ?? {};
    const place = `in kafkaTopic ${kafkaTopic}, partition ${partition}, offset ${position}`;
    const trouble = this.trouble();
    return `for ${Math.round(forMs / 1000)} s ${place}${trouble === undefined ? '' : ` (${trouble})`}`;
  }

  private async pause(milliseconds: number): Promise<void> {
    if (this.stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }
}
