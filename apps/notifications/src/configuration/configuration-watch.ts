import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Configuration, ConfigurationSource } from './configuration.js';
import type { ConfigurationRows } from './configuration-row.js';
import { snapshotOf } from './snapshot.js';

/** What the watch asks of the database. */
export interface WatchedConfiguration {
  version(): Promise<bigint>;
  load(): Promise<ConfigurationRows>;
  listen(onChange: () => void, onEnd: () => void): Promise<() => Promise<void>>;
}

/** A notification may be lost with its connection; the version is asked for as often as this, milliseconds. */
const PERIOD_MS = 500;

/**
 * Keeps this process's snapshot fresh: it loads anew when the database notifies, and asks for the version besides. While
 * the database is away the last snapshot stays.
 */
export class ConfigurationWatch implements ConfigurationSource, OnApplicationShutdown {
  private readonly logger = new Logger('Configuration');
  private readonly listeners = new Set<(configuration: Configuration) => void>();
  private readonly timer: NodeJS.Timeout;
  private snapshot: Configuration;
  /** By the process's monotonic clock: when a snapshot ages although nobody changes anything. */
  private stalesAt: number;
  private stopListening: (() => Promise<void>) | undefined;
  private isListening = false;
  private isDeaf = false;
  private isAway = false;
  private isClosed = false;
  private work: Promise<void> | undefined;
  private isAskedAgain = false;

  private constructor(
    private readonly store: WatchedConfiguration,
    rows: ConfigurationRows,
  ) {
    this.snapshot = snapshotOf(rows);
    this.stalesAt = staleTime(rows);
    this.timer = setInterval(() => this.check(), PERIOD_MS).unref();
    this.check();
  }

  /** Loads the first snapshot. @throws where the database cannot be read */
  static async start(store: WatchedConfiguration): Promise<ConfigurationWatch> {
    return new ConfigurationWatch(store, await store.load());
  }

  current(): Configuration {
    return this.snapshot;
  }

  onChange(changed: (configuration: Configuration) => void): () => void {
    // A function of its own for each call: the same listener may be added twice.
    const told = (configuration: Configuration): void => changed(configuration);
    this.listeners.add(told);
    return () => this.listeners.delete(told);
  }

  /** Brings this process up to date: a route that changed something calls it, so that the next call sees the change. */
  async refresh(): Promise<void> {
    this.check();
    while (this.work !== undefined) await this.work;
  }

  async onApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    this.listeners.clear();
    await this.work;
    await this.stopListening?.().catch(() => undefined);
  }

  /** One after another; asked while one is at work, another follows. */
  private check(): void {
    if (this.isClosed) return;
    if (this.work !== undefined) {
      this.isAskedAgain = true;
      return;
    }
    this.work = this.update().finally(() => {
      this.work = undefined;
      if (!this.isAskedAgain) return;
      this.isAskedAgain = false;
      this.check();
    });
  }

  private async update(): Promise<void> {
    try {
      await this.keepListening();
      const isStale = performance.now() >= this.stalesAt;
      if (!isStale && (await this.store.version()) === this.snapshot.version) {
        this.isAway = false;
        return;
      }
      const rows = await this.store.load();
      this.isAway = false;
      this.stalesAt = staleTime(rows);
      this.snapshot = snapshotOf(rows);
    } catch (error) {
      if (!this.isAway) this.logger.warn(`Changes of the configuration cannot be seen for now: ${String(error)}`);
      this.isAway = true;
      return;
    }
    this.tell();
  }

  private async keepListening(): Promise<void> {
    if (this.isListening || this.isClosed) return;
    try {
      this.stopListening = await this.store.listen(
        () => this.check(),
        () => (this.isListening = false),
      );
      this.isListening = true;
      this.isDeaf = false;
    } catch (error) {
      // Connections may be used up, or a pooler may refuse LISTEN: the version is asked for all the same.
      if (!this.isDeaf) this.logger.warn(`Changes of the configuration are only polled for now: ${String(error)}`);
      this.isDeaf = true;
    }
  }

  private tell(): void {
    for (const changed of [...this.listeners]) {
      try {
        changed(this.snapshot);
      } catch (error) {
        this.logger.error(
          'Following a change of the configuration failed',
          error instanceof Error ? error.stack : error,
        );
      }
    }
  }
}

function staleTime({ changesInMs }: ConfigurationRows): number {
  return changesInMs === undefined ? Infinity : performance.now() + changesInMs + 1;
}
