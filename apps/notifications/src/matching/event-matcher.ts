import type { NumberedFilter } from '../rules/filter-table.js';
import type { MatchableEvent } from './matchable-event.js';
import type { RuleIndex } from './rule-index.js';
import type { CompiledSubscription, SourcePlan, TopicPlan } from './source-plan.js';

/** What became of an event at one source. */
export type SourceFate = 'suppressed' | 'matched' | 'unmatched';

/** Told of an event's way, step by step. */
export interface MatchListener {
  onSource(plan: SourcePlan, fate: SourceFate): void;
  onSubscription(plan: SourcePlan, topic: TopicPlan, subscription: CompiledSubscription): void;
}

/** Holds events against one snapshot of the rules. Each filter is evaluated once for an event at the most. */
export class EventMatcher {
  /** By a filter's number: the event that it was last evaluated for, and what it said. */
  private readonly evaluatedFor: Uint32Array;
  private readonly said: Uint8Array;
  private turn = 0;

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
    for (const plan of this.index.plansFor(event)) {
      if (!isSeen(plan, event)) continue;
      if (!plan.source.enabled) listener.onSource(plan, 'suppressed');
      else listener.onSource(plan, this.matchSource(plan, event, listener) ? 'matched' : 'unmatched');
    }
  }

  private matchSource(plan: SourcePlan, event: MatchableEvent, listener: MatchListener): boolean {
    let isMatched = false;
    for (const topic of plan.topicsFor(event.attributes.type)) {
      if (!this.takes(topic, event)) continue;
      isMatched = true;
      for (const subscription of topic.compiled.subscriptions) {
        const { filter } = subscription;
        if (filter === undefined || this.passes(filter, event)) listener.onSubscription(plan, topic, subscription);
      }
    }
    return isMatched;
  }

  private takes({ alternatives }: TopicPlan, event: MatchableEvent): boolean {
    if (alternatives === undefined) return true;
    for (const filters of alternatives) {
      if (filters.every((numbered) => this.passes(numbered, event))) return true;
    }
    return false;
  }

  private passes({ number, filter }: NumberedFilter, event: MatchableEvent): boolean {
    if (filter.isAll) return true;
    if (this.evaluatedFor[number] !== this.turn) {
      this.evaluatedFor[number] = this.turn;
      this.said[number] = filter.matches(event.asJson(filter.readsData)) ? 1 : 0;
    }
    return this.said[number] === 1;
  }
}

function isSeen({ audience }: SourcePlan, event: MatchableEvent): boolean {
  const verdict = audience?.verdictOn(event.reader, event.attributes.source) ?? true;
  return typeof verdict === 'boolean' ? verdict : verdict(event.payload());
}
