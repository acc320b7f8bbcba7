import type { InstanceConfiguration, SourceConfiguration, TopicConfiguration } from '../configuration/configuration.js';
import type { NumberedFilter } from '../rules/filter-table.js';
import type { InstanceAudience } from './instance-audience.js';

/** A rule with its filters compiled; both have to pass. */
export interface CompiledRule {
  readonly id: string;
  readonly filters: readonly NumberedFilter[];
}

export interface CompiledSubscription {
  readonly id: string;
  readonly destinationId: string;
  /** Undefined: it takes all that its topic takes. */
  readonly filter: NumberedFilter | undefined;
}

/** What a topic says of one source. */
export interface CompiledTopic {
  readonly topic: TopicConfiguration;
  /** Undefined: it has no rules, and everything of the source passes. */
  readonly rules: readonly CompiledRule[] | undefined;
  readonly subscriptions: readonly CompiledSubscription[];
}

/** What is left to be decided about events of one type. */
export interface TopicPlan {
  readonly compiled: CompiledTopic;
  /** Any of them is enough; each needs all of its filters. Undefined: every event of the type passes. */
  readonly alternatives: readonly (readonly NumberedFilter[])[] | undefined;
}

/** Types come from outside, so no more of them than this are remembered. */
const MAX_TYPES = 10_000;

/**
 * One source of one instance, with the topics that take from it. Rules that fix the event type are found by it; of the
 * others the type rules out what it can, once for each type that comes.
 */
export class SourcePlan {
  private readonly byType = new Map<string, readonly TopicPlan[]>();
  private readonly fixedTopics = new Map<string, Set<number>>();
  private readonly openTopics = new Set<number>();

  constructor(
    readonly instance: InstanceConfiguration,
    readonly source: SourceConfiguration,
    readonly audience: InstanceAudience | undefined,
    readonly topics: readonly CompiledTopic[],
  ) {
    for (const [position, { rules }] of topics.entries()) {
      if (rules === undefined) this.openTopics.add(position);
      for (const rule of rules ?? []) this.enter(rule, position);
    }
  }

  /** The topics that may take an event of the type, in the order in which they were made. */
  topicsFor(eventType: string): readonly TopicPlan[] {
    let plans = this.byType.get(eventType);
    if (plans === undefined) {
      if (this.byType.size >= MAX_TYPES) this.byType.clear();
      plans = this.plan(eventType);
      this.byType.set(eventType, plans);
    }
    return plans;
  }

  private enter({ filters }: CompiledRule, position: number): void {
    const fixing = filters.map(({ filter }) => filter.eventTypes).find((types) => types !== undefined);
    if (fixing === undefined) this.openTopics.add(position);
    for (const type of fixing ?? []) {
      const topics = this.fixedTopics.get(type);
      if (topics === undefined) this.fixedTopics.set(type, new Set([position]));
      else topics.add(position);
    }
  }

  private plan(eventType: string): readonly TopicPlan[] {
    const positions = [...new Set([...this.openTopics, ...(this.fixedTopics.get(eventType) ?? [])])];
    return positions
      .sort((a, b) => a - b)
      .flatMap((position) => {
        const compiled = this.topics[position];
        return compiled === undefined ? [] : (planOf(compiled, eventType) ?? []);
      });
  }
}

/** @returns undefined where no event of the type passes */
function planOf(compiled: CompiledTopic, eventType: string): TopicPlan | undefined {
  if (compiled.rules === undefined) return { compiled, alternatives: undefined };
  const alternatives: NumberedFilter[][] = [];
  for (const { filters } of compiled.rules) {
    const open: NumberedFilter[] = [];
    let isOut = false;
    for (const numbered of filters) {
      const verdict = numbered.filter.verdictOn(eventType);
      if (verdict === false) isOut = true;
      else if (verdict === undefined) open.push(numbered);
    }
    if (isOut) continue;
    if (open.length === 0) return { compiled, alternatives: undefined };
    alternatives.push(open);
  }
  return alternatives.length === 0 ? undefined : { compiled, alternatives };
}
