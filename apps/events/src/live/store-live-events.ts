import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { TokenStore } from '@tidings/access';
import { Catalogue } from '@tidings/catalogue';
import { isConnectionError } from '@tidings/database';
import { DomainError } from '@tidings/runtime';
import { TypeDictionary } from '../query/type-dictionary.js';
import { TypeDictionaryRepository } from '../query/type-dictionary.repository.js';
import { Audience } from './audience.js';
import { Follower, type RowDictionary } from './follower.js';
import { liveEventOf } from './live-event-view.js';
import { type LiveEvent, LiveEvents, type LiveListener, type LiveRequest } from './live-events.js';
import type { LiveRow } from './live-row.js';
import { LiveRowStore } from './live-row.store.js';
import { comparePositions, notAPosition, parsePosition, type StorePosition } from './store-position.js';
import { StoreTail } from './store-tail.js';

/** One token's share of what a process can hold open. */
const MAX_STREAMS_PER_TOKEN = 5_000;

/** Follows the store with one reader for all listeners. */
@Injectable()
export class StoreLiveEvents extends LiveEvents implements RowDictionary, OnModuleInit, BeforeApplicationShutdown {
  private dictionary = new TypeDictionary([]);
  private readonly audience: Audience<Follower>;
  private readonly followers = new Set<Follower>();
  private readonly streamsOf = new Map<string, number>();
  private isClosing = false;

  constructor(
    private readonly tail: StoreTail,
    private readonly store: LiveRowStore,
    private readonly types: TypeDictionaryRepository,
    private readonly tokens: TokenStore,
    catalogue: Catalogue,
  ) {
    super();
    this.audience = new Audience(catalogue, this.dictionary);
  }

  onModuleInit(): void {
    this.tail.onRows({
      prepare: async (rows) => void (await this.covering(rows)),
      tell: (rows) => this.tell(rows),
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
    if (this.isClosing || open >= MAX_STREAMS_PER_TOKEN) throw new DomainError('overloaded');
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
    const isKnown = (row: LiveRow): boolean =>
      this.dictionary.byNumber(row.typeId) !== undefined && this.dictionary.sourceByNumber(row.sourceId) !== undefined;
    if (!rows.every(isKnown)) {
      this.dictionary = await this.types.refreshed();
      this.audience.redefine(this.dictionary);
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
    const circle = this.audience.circleOf(filter, principal);
    const unsubscribe: { end?: () => void } = {};
    const follower = new Follower(listener, circle, start ?? present, () => {
      this.followers.delete(follower);
      this.audience.leave(circle, follower);
      unsubscribe.end?.();
      undo();
    });
    this.followers.add(follower);
    unsubscribe.end = this.tokens.whenEnded(principal, (end) => follower.end(end));
    if (start === undefined) follower.join();
    else {
      follower.catchUp(this.store, this.tail, this, since).catch(() => {
        follower.end('unavailable');
      });
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

  /** Tells everybody whom they concern of rows, in their order. */
  private tell(rows: readonly LiveRow[]): void {
    const { dictionary } = this;
    for (const row of rows) {
      let event: LiveEvent | undefined;
      const once = (): LiveEvent => (event ??= liveEventOf(row, dictionary));
      for (const follower of this.audience.membersFor(row)) follower.give(row, once);
    }
  }
}
