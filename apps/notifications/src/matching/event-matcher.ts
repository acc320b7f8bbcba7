import { Evaluation } from '../rules/evaluation.js';
import type { NumberedFilter } from '../rules/filter-table.js';
import { InstanceAllowance } from './instance-allowance.js';
import type { MatchableEvent } from './matchable-event.js';
import type { RuleIndex } from './rule-index.js';
import type { Candidate, CompiledSubscription, CompiledTopic, SourcePlan, TypePlan } from './source-plan.js';

/** What became of an event at one source. */
export type SourceFate = 'suppressed' | 'matched' | 'unmatched';

/** Told of an event's way, step by step. */
export interface MatchListener {
  onSource(plan: SourcePlan, fate: SourceFate): void;
  onSubscription(plan: SourcePlan, topic: CompiledTopic, subscription: CompiledSubscription): void;
  /** Some filters of the instance did not come to an end within their limits, and so did not match. */
  onCutShort?(plan: SourcePlan, filters: number): void;
}

/**
 * Holds events against one snapshot of the rules, one event at a time. Each filter is evaluated once for an event at the
 * most. What an instance's filters may cost together is bounded, so that no tenant's rules keep events from the others.
 */
export class EventMatcher {
  /** By a filter's number: the event that it was last evaluated for, and what it said. */
  private readonly evaluatedFor: Uint32Array;
  private readonly said: Uint8Array;
  private turn = 0;
  private readonly evaluation = new Evaluation(undefined);
  /** By a topic's number in the plan at hand: whether it has taken the event. */
  private taken: boolean[] = [];
  private readonly allowance: InstanceAllowance;

  /** @param clock in milliseconds */
  constructor(
    private readonly index: RuleIndex,
    clock: () => number = () => performance.now(),
  ) {
    this.allowance = new InstanceAllowance(this.evaluation, clock);
    this.evaluatedFor = new Uint32Array(index.filters.size);
    this.said = new Uint8Array(index.filters.size);
  }

  get version(): bigint {
    return this.index.version;
  }

  /**
   * Matches one event. It yields where it has been at it for some milliseconds; nothing else may be matched in between.
   * @throws {SyntaxError} where a rule asks for the payload, and it is no JSON
   */
  *match(event: MatchableEvent, listener: MatchListener): Generator<void, void, undefined> {
    this.turn = (this.turn + 1) >>> 0;
    if (this.turn === 0) {
      // Once in four billion events the numbers begin anew.
      this.evaluatedFor.fill(0);
      this.turn = 1;
    }
    // Filters that read no more than attributes are content with these; the payload is added when one asks for it.
    let isBegun = false;
    try {
      for (const plan of this.index.plansFor(event)) {
        if (!isSeen(plan, event)) continue;
        if (!plan.source.enabled) {
          listener.onSource(plan, 'suppressed');
          continue;
        }
        if (!isBegun) this.evaluation.begin(event.asJson(false), () => event.asExactJson());
        isBegun = true;
        this.allowance.begin();
        const isMatched = yield* this.matchSource(plan, event, listener);
        listener.onSource(plan, isMatched ? 'matched' : 'unmatched');
        const cutShort = this.allowance.filtersCutShort;
        if (cutShort > 0) listener.onCutShort?.(plan, cutShort);
      }
    } finally {
      this.evaluation.end();
    }
  }

  // Generators only pause: what is done a thousand times an event is in plain functions, which run twice as fast.

  private *matchSource(
    plan: SourcePlan,
    event: MatchableEvent,
    listener: MatchListener,
  ): Generator<void, boolean, undefined> {
    const ofType = plan.planFor(event.attributes.type);
    const { allowance } = this;
    for (const candidates of this.open(ofType, event)) {
      for (
        let at = this.decide(candidates, 0, event);
        at < candidates.length;
        at = this.decide(candidates, at, event)
      ) {
        yield allowance.pause();
      }
    }
    const place = { topic: 0, subscription: 0 };
    while (!this.tell(plan, ofType.topics, place, event, listener)) yield allowance.pause();
    return this.taken.includes(true);
  }

  /** Begins with one source. @returns the rules that the event's type and members leave to be decided */
  private open({ topics, taking, byMember, others }: TypePlan, event: MatchableEvent): (readonly Candidate[])[] {
    const { taken, evaluation } = this;
    taken.length = topics.length;
    taken.fill(false);
    for (const topic of taking) taken[topic] = true;
    const open: (readonly Candidate[])[] = [];
    for (const { path, byValue, readsData } of byMember) {
      if (readsData) event.asJson(true);
      const candidates = byValue.get(path.valueIn(evaluation));
      if (candidates !== undefined) open.push(candidates);
    }
    if (others.length > 0) open.push(others);
    return open;
  }

  /**
   * Tells of the subscriptions of the topics that have taken the event.
   * @param place where to begin; it is moved on
   * @returns false where a pause is due
   */
  private tell(
    plan: SourcePlan,
    topics: readonly CompiledTopic[],
    place: { topic: number; subscription: number },
    event: MatchableEvent,
    listener: MatchListener,
  ): boolean {
    for (; place.topic < topics.length; place.topic += 1, place.subscription = 0) {
      const topic = topics[place.topic];
      if (topic === undefined || this.taken[place.topic] !== true) continue;
      for (const subscription of topic.subscriptions.slice(place.subscription)) {
        place.subscription += 1;
        const { filter } = subscription;
        if (filter === undefined || this.passes(filter, event)) listener.onSubscription(plan, topic, subscription);
        if (this.allowance.isPauseDue) return false;
      }
    }
    return true;
  }

  /** Goes through candidates from a place on. @returns where it stopped: at their end, or because a pause is due */
  private decide(candidates: readonly Candidate[], from: number, event: MatchableEvent): number {
    const { taken, allowance } = this;
    for (let at = from; at < candidates.length; at += 1) {
      const candidate = candidates[at];
      if (candidate === undefined || taken[candidate.topic] === true) continue;
      taken[candidate.topic] = this.passes(candidate, event) && this.passAll(candidate.others, event);
      if (allowance.isPauseDue) return at + 1;
    }
    return candidates.length;
  }

  private passAll(filters: readonly NumberedFilter[], event: MatchableEvent): boolean {
    for (const numbered of filters) if (!this.passes(numbered, event)) return false;
    return true;
  }

  private passes({ number, filter }: NumberedFilter, event: MatchableEvent): boolean {
    if (filter.isAll) return true;
    if (this.evaluatedFor[number] !== this.turn) {
      // Not remembered: another instance with the same filter has steps of its own.
      if (!this.allowance.permits()) return false;
      this.evaluatedFor[number] = this.turn;
      if (filter.readsData) event.asJson(true);
      this.said[number] = filter.holds(this.evaluation) ? 1 : 0;
    }
    return this.said[number] === 1;
  }
}

function isSeen({ audience }: SourcePlan, event: MatchableEvent): boolean {
  const verdict = audience?.verdictOn(event.reader, event.attributes.source) ?? true;
  return typeof verdict === 'boolean' ? verdict : verdict(event.payload());
}
