import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises';
import { handlingOutcome, type BatchControl, type IncomingRecord, type RecordBatch } from '@tidings/transport';
import { deliveryId, notificationId, SourceTally, type BatchLoad, type MatchedDelivery } from './batch-load.js';
import type { MatchedEvent } from './batch-load.js';
import type { EventMatcher, MatchListener, SourceFate } from './event-matcher.js';
import type { MatchableEvent, MatchableEventReader } from './matchable-event.js';
import type { MatchingState } from './matching-state.js';
import type { CompiledSubscription, CompiledTopic, SourcePlan } from './source-plan.js';

/** Waits between attempts while the database is away, milliseconds; the last one repeats. */
const RETRY_DELAYS_MS = [100, 250, 500, 1_000, 2_000] as const;
/** Matching stops for whatever else the process has to do after so long, milliseconds. */
const LONGEST_BREATH_MS = 20;

/** Thrown when the partition was taken away while its batch waited; its new owner reads the batch again. */
export class StaleBatch extends Error {
  override readonly name = 'StaleBatch';
  readonly retriable = true;
}

/** Where loads go. */
export interface LoadStore {
  store(load: BatchLoad): Promise<number>;
}

/**
 * Holds batches of messages against the rules, and stores what comes of it. While the database is away the batch waits
 * here, and with it its partition; then it is matched again, for the rules may have changed.
 */
export class BatchMatcher {
  constructor(
    private readonly reader: MatchableEventReader,
    /** For the rules as they are now. */
    private readonly matcher: () => EventMatcher,
    private readonly store: LoadStore,
    private readonly state: MatchingState,
    private readonly report: (message: string) => void,
  ) {}

  async handle({ kafkaTopic, records }: RecordBatch, control: BatchControl): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      if (control.isStale()) throw new StaleBatch('the partition has been taken away');
      const { load, skipped } = await this.match(records, kafkaTopic, control);
      try {
        const deliveries = await this.keep(load);
        this.state.databaseAnswered();
        this.state.handled({ read: records.length, skipped, taken: load.events.length, deliveries });
        return;
      } catch (error) {
        this.state.databaseFailed(error);
        await control.heartbeat();
        await delay(RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length - 1)]);
      }
    }
  }

  private async match(
    records: readonly IncomingRecord[],
    kafkaTopic: string,
    control: BatchControl,
  ): Promise<{ load: BatchLoad; skipped: number }> {
    const matcher = this.matcher();
    const way = new EventWay(new Breather(control), (plan, filters) => this.state.cutShort(plan, filters));
    const tally = new SourceTally();
    const events: MatchedEvent[] = [];
    let skipped = 0;
    for (const record of records) {
      if (way.breather.isDue) await way.breather.breathe();
      const event = this.reader.read(record, kafkaTopic);
      const isTaken = event !== undefined && way.follow(matcher, event);
      if (event === undefined || !(typeof isTaken === 'boolean' ? isTaken : await isTaken)) {
        skipped += 1;
        continue;
      }
      way.addTo(tally);
      if (way.takers.length > 0) events.push(matchedEvent(event, way.takers));
    }
    return { load: { configurationVersion: matcher.version, events, counts: tally.counts() }, skipped };
  }

  /** Where the database refuses something of a load, the load is halved until the one event stands alone. */
  private async keep(load: BatchLoad): Promise<number> {
    if (load.events.length === 0 && load.counts.length === 0) return 0;
    try {
      return await this.store.store(load);
    } catch (error) {
      if (handlingOutcome(error) !== 'dead-letter' || load.events.length === 0) throw error;
      const [only] = load.events;
      if (only !== undefined && load.events.length === 1) {
        this.state.refused();
        this.report(`the database refuses the event ${only.id}, nobody gets it: ${String(error)}`);
        return await this.keep({ ...load, events: [] });
      }
      const middle = load.events.length >> 1;
      const first = await this.keep({ ...load, events: load.events.slice(0, middle) });
      return first + (await this.keep({ ...load, events: load.events.slice(middle), counts: [] }));
    }
  }
}

/** Gives way to whatever else the process has to do, and tells Kafka and the watchdog that the batch goes on. */
class Breather {
  private breathedAt = performance.now();

  constructor(private readonly control: BatchControl) {}

  get isDue(): boolean {
    return performance.now() - this.breathedAt > LONGEST_BREATH_MS;
  }

  /** @throws {StaleBatch} */
  async breathe(): Promise<void> {
    await breathe();
    await this.control.heartbeat();
    if (this.control.isStale()) throw new StaleBatch('the partition has been taken away');
    this.breathedAt = performance.now();
  }
}

/** Follows one event after another through the rules. */
class EventWay implements MatchListener {
  readonly takers: { plan: SourcePlan; topic: CompiledTopic; subscription: CompiledSubscription }[] = [];
  private readonly fates: { plan: SourcePlan; fate: SourceFate }[] = [];

  constructor(
    readonly breather: Breather,
    readonly onCutShort: (plan: SourcePlan, filters: number) => void,
  ) {}

  /**
   * Nearly every event is followed without a pause, and so without a promise.
   * @returns false for an event that the store does not take. @throws {StaleBatch}
   */
  follow(matcher: EventMatcher, event: MatchableEvent): boolean | Promise<boolean> {
    this.takers.length = 0;
    this.fates.length = 0;
    const steps = matcher.match(event, this);
    try {
      return steps.next().done === true ? this.isTaken(event) : this.goOn(steps, event);
    } catch (error) {
      return isOfMessage(error);
    }
  }

  private async goOn(steps: Generator<void, void>, event: MatchableEvent): Promise<boolean> {
    try {
      do if (this.breather.isDue) await this.breather.breathe();
      while (steps.next().done !== true);
      return this.isTaken(event);
    } catch (error) {
      return isOfMessage(error);
    }
  }

  /** Checking a payload costs more than matching it, so it is done where it counts. */
  private isTaken(event: MatchableEvent): boolean {
    return this.takers.length === 0 || event.isStorable();
  }

  addTo(tally: SourceTally): void {
    for (const { plan, fate } of this.fates) {
      const count = tally.of(plan);
      count.received += 1;
      if (fate === 'matched') count.matched += 1;
      else if (fate === 'suppressed') count.suppressed += 1;
    }
  }

  onSource(plan: SourcePlan, fate: SourceFate): void {
    this.fates.push({ plan, fate });
  }

  onSubscription(plan: SourcePlan, topic: CompiledTopic, subscription: CompiledSubscription): void {
    this.takers.push({ plan, topic, subscription });
  }
}

/** Whatever one message does to the code, it does to this one message. @returns false. @throws what is not of it */
function isOfMessage(error: unknown): false {
  if (error instanceof StaleBatch || !(error instanceof Error)) throw error;
  return false;
}

function matchedEvent(event: MatchableEvent, takers: EventWay['takers']): MatchedEvent {
  const { type, source, subject } = event.attributes;
  const key = event.key();
  const notificationIds = new Map<string, string>();
  const deliveries = takers.map(({ plan, topic, subscription }): MatchedDelivery => {
    const instanceId = plan.instance.id;
    let notification = notificationIds.get(instanceId);
    if (notification === undefined) {
      notificationIds.set(instanceId, (notification = notificationId(key, instanceId)));
    }
    return {
      id: deliveryId(),
      instanceId,
      sourceId: plan.source.id,
      topicId: topic.topic.id,
      subscriptionId: subscription.id,
      destinationId: subscription.destinationId,
      notificationId: notification,
    };
  });
  const kafkaKey = event.kafkaKey?.toString('utf8');
  return {
    key,
    id: event.id(key),
    type: storable(type),
    source: storable(source),
    subject: subject === undefined ? undefined : storable(subject),
    micros: event.micros,
    kafkaKey: kafkaKey === undefined ? undefined : storable(kafkaKey),
    body: event.body(),
    deliveries,
  };
}

/** PostgreSQL's text holds every character but NUL. */
function storable(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '\uFFFD') : text;
}
