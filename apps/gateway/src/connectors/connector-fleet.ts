import { hostname } from 'node:os';
import { Logger } from '@nestjs/common';
import { isConnectionError } from '@tidings/database';
import type { OutboundGuard } from '@tidings/outbound';
import type { ConnectorLocks } from './connector-locks.store.js';
import type { ConnectorJournal } from './connector-journal.js';
import { type ConnectorParts, gapTeller, journalOf, runningConnector, sessionOf } from './connector-parts.js';
import type { ConnectorRecord } from './connector-record.js';
import { ConnectorRun } from './connector-run.js';
import { type ConnectorSettings, isHook, type RunningSettings } from './connector-settings.js';
import { HookPresence } from './hook-presence.js';
import { messageOf } from './connector-failure.js';

/** How often pauses are looked for, locks are asked for and news are written down, milliseconds. */
const ROUND_MS = 1_000;

/** For telling of a hook's gap, milliseconds: where Kafka is away the next round tells it. */
const GAP_DEADLINE_MS = 2_000;

interface RunningSeat {
  readonly settings: RunningSettings;
  readonly journal: ConnectorJournal;
  run: ConnectorRun | undefined;
}

interface HookSeat {
  readonly settings: ConnectorSettings;
  readonly journal: ConnectorJournal;
  readonly presence: HookPresence;
}

/**
 * All connectors of this process. One that goes and gets runs in one process of all: whoever has its lock. While the
 * database is away, those that run go on, for nobody else could get their locks either.
 */
export class ConnectorFleet {
  private readonly logger = new Logger('Connectors');
  private readonly holder = `${hostname()}:${process.pid}`;
  private readonly running: readonly RunningSeat[];
  private readonly hooks: readonly HookSeat[];
  private paused: ReadonlySet<string> = new Set();
  private isRegistered = false;
  private isStopping = false;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private nextRound: Promise<void> | undefined;

  constructor(
    private readonly settings: readonly ConnectorSettings[],
    private readonly parts: ConnectorParts,
    private readonly locks: ConnectorLocks,
    private readonly guard: OutboundGuard,
  ) {
    this.running = settings
      .filter((one) => !isHook(one))
      .map((one) => ({ settings: one, journal: journalOf(one, parts), run: undefined }));
    this.hooks = settings.filter(isHook).map((one) => this.hookSeat(one));
  }

  /** Begins, and goes on by itself from then on. */
  async start(): Promise<void> {
    if (this.settings.length === 0) return;
    await this.lookAround();
    this.timer = setInterval(() => {
      if (this.round === undefined) void this.beginRound();
    }, ROUND_MS);
  }

  /** Ends all of them, writes down how far they came, and lets others have them. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.round;
    await this.nextRound;
    await Promise.all(this.running.map((seat) => this.leave(seat)));
    await Promise.all(this.hooks.map((seat) => this.writeDown(seat).catch(() => undefined)));
    this.locks.close();
  }

  /** Does as the database says, now: a round that is under way may have looked too early. */
  async lookAround(): Promise<void> {
    if (this.round === undefined) return this.beginRound();
    // One behind it is enough for all who ask meanwhile.
    this.nextRound ??= this.round.then(async () => {
      this.nextRound = undefined;
      return this.beginRound();
    });
    return this.nextRound;
  }

  isPaused(name: string): boolean {
    return this.paused.has(name);
  }

  /** What a hook tells of what it takes. @throws {Error} where there is none of that name */
  hook(name: string): Pick<HookSeat, 'journal' | 'presence'> {
    const seat = this.hooks.find(({ settings }) => settings.name === name);
    if (seat === undefined) throw new Error(`There is no hook named ${name}`);
    return seat;
  }

  /** The states of this process's connectors, for metrics. */
  states(): readonly { readonly name: string; readonly isHere: boolean; readonly journal: ConnectorJournal }[] {
    return [
      ...this.running.map(({ settings, journal, run }) => ({
        name: settings.name,
        journal,
        isHere: run !== undefined,
      })),
      ...this.hooks.map(({ settings, journal }) => ({ name: settings.name, journal, isHere: true })),
    ];
  }

  private hookSeat(settings: ConnectorSettings): HookSeat {
    const journal = journalOf(settings, this.parts);
    const { publisher, repository } = this.parts;
    const publish = async (record: ReturnType<ReturnType<typeof gapTeller>>): Promise<void> => {
      await publisher.publish([record], { deadlineMs: GAP_DEADLINE_MS });
    };
    const gap = gapTeller(settings, this.parts);
    return {
      settings,
      journal,
      presence: new HookPresence(settings.name, journal, repository, gap, publish, Date.now()),
    };
  }

  private async beginRound(): Promise<void> {
    this.round = this.oneRound().finally(() => (this.round = undefined));
    return this.round;
  }

  private async oneRound(): Promise<void> {
    if (this.isStopping) return;
    try {
      const records = await this.records();
      this.paused = new Set([...records.values()].filter(({ pausedAt }) => pausedAt !== null).map(({ name }) => name));
      // None has to wait for what keeps another.
      const seats = [
        ...this.running.map(async (seat) => this.attend(seat, records.get(seat.settings.name))),
        ...this.hooks.map(async (seat) => this.host(seat)),
      ];
      for (const outcome of await Promise.allSettled(seats))
        if (outcome.status === 'rejected') this.tell(outcome.reason);
    } catch (error) {
      this.tell(error);
    }
  }

  private tell(error: unknown): void {
    const level = isConnectionError(error) ? 'debug' : 'warn';
    this.logger[level](`Connectors cannot be looked after for now: ${messageOf(error)}`);
  }

  private async records(): Promise<ReadonlyMap<string, ConnectorRecord>> {
    const { repository } = this.parts;
    if (!this.isRegistered) await repository.register(this.settings);
    this.isRegistered = true;
    const records = await repository.records(this.settings.map(({ name }) => name));
    return new Map(records.map((record) => [record.name, record]));
  }

  private async attend(seat: RunningSeat, record: ConnectorRecord | undefined): Promise<void> {
    if (record === undefined) {
      // Somebody took its row away.
      this.isRegistered = false;
      return;
    }
    const { name } = seat.settings;
    if (record.pausedAt !== null) {
      await this.leave(seat);
      return;
    }
    if (!(await this.locks.acquire(name))) {
      if (seat.run !== undefined) this.logger.warn(`${name}: another process runs it now`);
      await this.leave(seat);
      return;
    }
    if (seat.run === undefined) this.begin(seat, record);
    const waitsSince = this.waiting.get(name)?.();
    if (waitsSince !== undefined) seat.journal.lags(waitsSince);
    await this.writeDown(seat, this.holder);
  }

  private readonly waiting = new Map<string, () => number | undefined>();

  private begin(seat: RunningSeat, record: ConnectorRecord): void {
    const { settings, journal } = seat;
    const session = sessionOf(settings, journal, record, this.parts);
    const warn = (message: string): void => this.logger.warn(`${settings.name}: ${message}`);
    seat.run = new ConnectorRun(runningConnector(settings, session, this.guard), session, warn);
    if (settings.kind === 'waldur-poller') return;
    // Of a stream: for how long what came longest ago has been waiting for Kafka.
    const lag = (): number =>
      session.flow.waitsSince === undefined ? 0 : (Date.now() - session.flow.waitsSince) / 1_000;
    this.waiting.set(settings.name, lag);
  }

  private async leave(seat: RunningSeat): Promise<void> {
    const { run } = seat;
    const { name } = seat.settings;
    if (run !== undefined) {
      await run.stop();
      seat.run = undefined;
      this.waiting.delete(name);
      seat.journal.enter('starting');
      await this.writeDown(seat, this.holder).catch((error: unknown) => {
        this.logger.warn(`${name}: how far it came cannot be written down: ${messageOf(error)}`);
      });
    }
    await this.locks.release(name);
  }

  private async host(seat: HookSeat): Promise<void> {
    const now = Date.now();
    if (this.paused.has(seat.settings.name)) {
      seat.presence.paused(now);
      return;
    }
    seat.journal.enter('running');
    await seat.presence.round(now);
    await this.writeDown(seat);
  }

  private async writeDown(
    { settings, journal }: Pick<HookSeat, 'settings' | 'journal'>,
    holder?: string,
  ): Promise<void> {
    const report = journal.take();
    try {
      await this.parts.repository.report(settings.name, report, holder);
    } catch (error) {
      journal.giveBack(report);
      throw error;
    }
  }
}
