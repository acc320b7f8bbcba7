import { setImmediate as breathe } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { catalogue, hyphenated } from '@tidings/catalogue';
import { DomainError } from '@tidings/runtime';
import { decodeStructured, JudgedEvent } from '@tidings/transport';
import { CONFIGURATION, type ConfigurationSource } from '../configuration/configuration.js';
import { deliveryId, type MatchedDelivery, type MatchedEvent, notificationId } from '../matching/batch-load.js';
import { CurrentMatcher } from '../matching/current-matcher.js';
import type { EventMatcher } from '../matching/event-matcher.js';
import { MatchableEvent } from '../matching/matchable-event.js';
import { mayBeSeenBy, readerOf } from '../routing/stored-event-match.js';
import { EventsClient, type StoredEvent } from '../stored-events/events-client.js';
import { parametersOf } from './replay.dto.js';
import { ReplayRepository, type StoredReplay, type TakenReplay } from './replay.repository.js';

const EVERY_MS = 1_000;

/**
 * Works replays off, page by page: stored events that a query finds go to one subscription, as far as its instance, its
 * topic's rules and its own filter let them through now. A replay whose process ends is taken up by another, from its
 * last page on.
 */
@Injectable()
export class ReplayRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Replay');
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    private readonly replays: ReplayRepository,
    private readonly events: EventsClient,
    private readonly current: CurrentMatcher,
    @Inject(CONFIGURATION) private readonly configuration: ConfigurationSource,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void (this.working ??= this.work()), EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.working;
  }

  private async work(): Promise<void> {
    try {
      const replay = await this.replays.take();
      if (replay === undefined) return;
      try {
        await this.run(replay);
      } finally {
        // One that has not come to its end is taken up again soon, here or elsewhere.
        await this.replays.release(replay);
      }
    } catch (error) {
      this.logger.warn(`A replay stops for now: ${String(error)}`);
    } finally {
      this.working = undefined;
    }
  }

  private async run(replay: TakenReplay): Promise<void> {
    const query = parametersOf(replay.query);
    let next = replay.cursor ?? undefined;
    do {
      let page;
      try {
        page = await this.events.page(query, next);
      } catch (error) {
        if (!(error instanceof DomainError) || error.retriable) throw error;
        await this.replays.fail(replay, error.message);
        return;
      }
      const matcher = this.current.matcher();
      const instance = this.configuration.current().instances.get(replay.instance_id);
      const events: MatchedEvent[] = [];
      let found = 0;
      for (const event of page.events) {
        try {
          // What the instance may not see is not even counted: the count would tell whether there is such an event.
          if (instance === undefined || !mayBeSeenBy(instance, event)) continue;
          found += 1;
          const matched = await matchedBy(matcher, event, replay);
          if (matched !== undefined) events.push(matched);
        } catch (error) {
          // Whatever this one event does to the code, it does to this one event.
          this.logger.warn(`A replay leaves out the event ${hyphenated(event.id)}: ${String(error)}`);
        }
      }
      const step = { events, found, next: page.next, configurationVersion: matcher.version };
      if (!(await this.replays.advance(replay, step))) return;
      next = page.next;
    } while (next !== undefined && !this.isStopped);
  }
}

/** @returns undefined where the subscription does not take it */
async function matchedBy(
  matcher: EventMatcher,
  stored: StoredEvent,
  { subscription_id: subscriptionId }: StoredReplay,
): Promise<MatchedEvent | undefined> {
  const event = matchableEvent(stored);
  if (event === undefined) return undefined;
  const key = event.key();
  const deliveries: MatchedDelivery[] = [];
  const steps = matcher.match(event, {
    onSource: () => undefined,
    onSubscription: ({ instance, source }, topic, subscription) => {
      if (subscription.id !== subscriptionId || deliveries.length > 0) return;
      deliveries.push({
        id: deliveryId(),
        instanceId: instance.id,
        sourceId: source.id,
        topicId: topic.topic.id,
        subscriptionId,
        destinationId: subscription.destinationId,
        notificationId: notificationId(key, instance.id),
      });
    },
  });
  while (steps.next().done !== true) await breathe();
  if (deliveries.length === 0) return undefined;
  const { type, source, subject } = event.attributes;
  return {
    key: hyphenated(key),
    id: hyphenated(stored.id),
    type,
    source,
    subject,
    micros: event.micros,
    kafkaKey: subject,
    body: event.body(),
    deliveries,
  };
}

/** The event as it came from the bus. @returns undefined for what is no event; the store has none such */
function matchableEvent({ system, text }: StoredEvent): MatchableEvent | undefined {
  const decoded = decodeStructured(Buffer.from(text), false);
  if (decoded.kind !== 'event') return undefined;
  const { type } = decoded.event;
  const reader = readerOf(system, type);
  if (reader === undefined) return undefined;
  const named = catalogue.type(type);
  const declared = named === reader ? named : undefined;
  const judged = new JudgedEvent({ ...decoded, native: declared === undefined }, declared, reader);
  return new MatchableEvent(judged, null);
}
