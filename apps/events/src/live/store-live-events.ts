import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { TokenStore } from '@tidings/access';
import { Catalogue } from '@tidings/catalogue';
import { isConnectionError } from '@tidings/database';
import { DomainError, ENVIRONMENT, type Environment } from '@tidings/runtime';
import { TypeDictionary } from '../query/type-dictionary.js';
import { TypeDictionaryRepository } from '../query/type-dictionary.repository.js';
import { Audience } from './audience.js';
import { Follower, type RowDictionary } from './follower.js';
import { liveEventOf } from './live-event-view.js';
import { type LiveEvent, LiveEvents, type LiveListener, type LiveRequest } from './live-events.js';
import type { LiveRow } from './live-row.js';
import { LiveRowStore } from './live-row.store.js';
import { ReadingTurns } from '../query/reading-turns.js';
import { StreamMetrics } from './stream-metrics.js';
import { comparePositions, notAPosition, parsePosition, positionText, type StorePosition } from './store-position.js';
import { StoreTail } from './store-tail.js';

/** Follows the store with one reader for all listeners. */
@Injectable()
export class StoreLiveEvents extends LiveEvents implements RowDictionary, OnModuleInit, BeforeApplicationShutdown {
  private dictionary = new TypeDictionary();
  private readonly audience: Audience<Follower>;
  private readonly followers = new Set<Follower>();
  private readonly streamsOf = new Map<string, number>();
  private readonly turns = new ReadingTurns();
  private readonly logger = new Logger('LiveEvents');
  private lastLeftOut: string | undefined;
  private isClosing = false;

  constructor(
    private readonly tail: StoreTail,
    private readonly store: LiveRowStore,
    private readonly types: TypeDictionaryRepository,
    private readonly tokens: TokenStore,
    private readonly metrics: StreamMetrics,
    @Inject(ENVIRONMENT) private readonly environment: Pick<Environment, 'quotas'>,
    catalogue: Catalogue,
  ) {
    super();
    this.audience = new Audience(catalogue);
  }

  onModuleInit(): void {
    this.tail.onRows({
      prepare: async (rows) => void (await this.covering(rows)),
      tell: (rows) => this.tell(rows),
      restart: () => {
        for (const follower of [...this.followers]) follower.end('unavailable');
      },
    });
  }

  beforeApplicationShutdown(): void {
    this.isClosing = true;
    for (const follower of [...this.followers]) follower.end('shutting-down');
  }

  async follow(request: LiveRequest, listener: LiveListener): Promise<() => void> {
    const { principal } = request;
    const after = request.after === undefined ? undefined : parsePosition(request.after);
    const open = this.streamsOf.get(principal.id) ?? 0;
    if (this.isClosing) throw new DomainError('overloaded');
    const { streamsPerToken } = this.environment.quotas;
    if (open >= streamsPerToken) {
      throw new DomainError('too_many_requests', {
        reason: `This token has ${streamsPerToken} live streams open, which is as many as it may have. Close one of them.`,
      });
    }
    this.streamsOf.set(principal.id, open + 1);
    this.tail.acquire();
    const undo = (): void => {
      this.tail.release();
      const left = (this.streamsOf.get(principal.id) ?? 1) - 1;
      if (left > 0) this.streamsOf.set(principal.id, left);
      else this.streamsOf.delete(principal.id);
    };
    try {
      const start = await this.startOf(after, request.since);
      // From here on nothing waits: where the tail stands is where a listener without a past begins.
      return this.begin(request, listener, start, undo);
    } catch (error) {
      undo();
      throw isConnectionError(error) ? new DomainError('database_unavailable', {}, { cause: error }) : error;
    }
  }

  async covering(rows: readonly LiveRow[]): Promise<TypeDictionary> {
    if (!rows.every((row) => this.dictionary.namesOf(row) !== undefined)) {
      this.dictionary = await this.types.refreshed();
    }
    return this.dictionary;
  }

  private begin(
    { filter, principal, since }: LiveRequest,
    listener: LiveListener,
    start: StorePosition | undefined,
    undo: () => void,
  ): () => void {
    const present = this.tail.position;
    if (this.isClosing || present === undefined) throw new DomainError('overloaded');
    const unsubscribe: { end?: () => void } = {};
    const over = (): void => {
      this.followers.delete(follower);
      this.audience.leave(follower.circle, follower);
      unsubscribe.end?.();
      undo();
    };
    const enter = (member: Follower) => this.audience.enter(filter, principal, member);
    const leftOut = (at: StorePosition, error: unknown): void => this.leftOut(at, error);
    const follower = new Follower(listener, enter, start ?? present, over, leftOut);
    this.followers.add(follower);
    unsubscribe.end = this.tokens.whenEnded(principal, (end) => follower.end(end));
    if (start === undefined) follower.join();
    else {
      const { store, tail, turns } = this;
      follower.catchUp({ store, tail, turns, dictionary: this }, since).catch(() => follower.end('unavailable'));
    }
    return () => follower.stop();
  }

  private async startOf(
    after: StorePosition | undefined,
    since: bigint | undefined,
  ): Promise<StorePosition | undefined> {
    const start = after ?? (since === undefined ? undefined : await this.store.before(since));
    if (after !== undefined && comparePositions(after, await this.store.horizon()) > 0) throw notAPosition();
    await this.tail.settled();
    return start;
  }

  /** Many may leave out the same event: it is reported once. */
  private leftOut(position: StorePosition, error: unknown): void {
    this.metrics.leftOut();
    const at = positionText(position);
    if (at === this.lastLeftOut) return;
    this.lastLeftOut = at;
    this.logger.warn(
      `Streams leave out the event at ${at}, which they cannot show: ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  /** Tells everybody whom they concern of rows, in their order. */
  private tell(rows: readonly LiveRow[]): void {
    const { dictionary } = this;
    for (const row of rows) {
      const names = dictionary.namesOf(row);
      if (names === undefined) continue;
      let event: LiveEvent | undefined;
      const once = (): LiveEvent => (event ??= liveEventOf(row, dictionary));
      for (const follower of this.audience.membersFor(row, names)) follower.give(row, once);
    }
  }
}
