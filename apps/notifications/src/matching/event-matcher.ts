import { Evaluation } from '../rules/evaluation.js';
import type { NumberedFilter } from '../rules/filter-table.js';
import type { MatchableEvent } from './matchable-event.js';
import type { RuleIndex } from './rule-index.js';
import type { CompiledSubscription, CompiledTopic, SourcePlan, TypePlan } from './source-plan.js';

/** What became of an event at one source. */
export type SourceFate = 'suppressed' | 'matched' | 'unmatched';

/** Told of an event's way, step by step. */
export interface MatchListener {
  onSource(plan: SourcePlan, fate: SourceFate): void;
  onSubscription(plan: SourcePlan, topic: CompiledTopic, subscription: CompiledSubscription): void;
}

/** Holds events against one snapshot of the rules. Each filter is evaluated once for an event at the most. */
export class EventMatcher {
  /** By a filter's number: the event that it was last evaluated for, and what it said. */
  private readonly evaluatedFor: Uint32Array;
  private readonly said: Uint8Array;
  private turn = 0;
  private readonly evaluation = new Evaluation(undefined);
  /** By a topic's number in the plan at hand: whether it has taken the event. */
  private taken: boolean[] = [];

  constructor(private readonly index: RuleIndex) {
    this.evaluatedFor = new Uint32Array(index.filters.size);
    this.said = new Uint8Array(index.filters.size);
  }

  get version(): bigint {
    return this.index.version;
  }

  /** @throws {SyntaxError} where a rule asks for the payload, and it is no JSON */
  match(event: MatchableEvent, listener: MatchListener): void {
    this.turn = (this.turn + 1) >>> 0;
    if (this.turn === 0) {
      // Once in four billion events the numbers begin anew.
      this.evaluatedFor.fill(0);
      this.turn = 1;
    }
    // Filters that read no more than attributes are content with these; the payload is added when one asks for it.
    let isBegun = false;
    for (const plan of this.index.plansFor(event)) {
      if (!isSeen(plan, event)) continue;
      if (!plan.source.enabled) {
        listener.onSource(plan, 'suppressed');
        continue;
      }
      if (!isBegun) this.evaluation.begin(event.asJson(false));
      isBegun = true;
      listener.onSource(plan, this.matchSource(plan, event, listener) ? 'matched' : 'unmatched');
    }
  }

  private matchSource(plan: SourcePlan, event: MatchableEvent, listener: MatchListener): boolean {
    const ofType = plan.planFor(event.attributes.type);
    this.decide(ofType, event);
    let isMatched = false;
    for (const [number, topic] of ofType.topics.entries()) {
      if (this.taken[number] !== true) continue;
      isMatched = true;
      for (const subscription of topic.subscriptions) {
        const { filter } = subscription;
        if (filter === undefined || this.passes(filter, event)) listener.onSubscription(plan, topic, subscription);
      }
    }
    return isMatched;
  }

  private decide({ topics, taking, byMember, others }: TypePlan, event: MatchableEvent): void {
    const { taken, evaluation } = this;
    taken.length = topics.length;
    taken.fill(false);
    for (const topic of taking) taken[topic] = true;
    for (const { path, byValue, readsData } of byMember) {
      if (readsData) event.asJson(true);
      for (const { topic, filters } of byValue.get(evaluation.valueAt(path.number, path.read)) ?? []) {
        if (taken[topic] !== true) taken[topic] = this.passAll(filters, event);
      }
    }
    for (const { topic, filters } of others) {
      if (taken[topic] !== true) taken[topic] = this.passAll(filters, event);
    }
  }

  private passAll(filters: readonly NumberedFilter[], event: MatchableEvent): boolean {
    for (const numbered of filters) if (!this.passes(numbered, event)) return false;
    return true;
  }

  private passes({ number, filter }: NumberedFilter, event: MatchableEvent): boolean {
    if (filter.isAll) return true;
    if (this.evaluatedFor[number] !== this.turn) {
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
