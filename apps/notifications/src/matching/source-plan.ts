import type { InstanceConfiguration, SourceConfiguration, TopicConfiguration } from '../configuration/configuration.js';
import type { EventPath } from '../rules/event-path.js';
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

/** A rule as far as the event type leaves it open. */
export interface Candidate extends NumberedFilter {
  /** Of its topic, among those of the plan. */
  readonly topic: number;
  /** They have to pass as well; nearly every candidate has none. */
  readonly others: readonly NumberedFilter[];
}

/** Rules that demand a value of one member of the event, by that value. */
interface RulesByValue {
  readonly path: EventPath;
  readonly byValue: ReadonlyMap<unknown, readonly Candidate[]>;
  readonly readsData: boolean;
}

/** What is left to be decided about events of one type. */
export interface TypePlan {
  readonly topics: readonly CompiledTopic[];
  /** The numbers of topics that take every event of the type. */
  readonly taking: readonly number[];
  readonly byMember: readonly RulesByValue[];
  readonly others: readonly Candidate[];
  /** How many topics and candidates it has. */
  readonly size: number;
}

/** Types come from outside, so what is left of the rules is remembered for so much of them, counted in candidates. */
const MAX_REMEMBERED = 500_000;

/** What the plans of one snapshot remember together. */
export class PlanMemory {
  private readonly plans: Map<string, TypePlan>[] = [];
  private remembered = 0;

  /** @returns what one source remembers, by type */
  open(): Map<string, TypePlan> {
    const ofSource = new Map<string, TypePlan>();
    this.plans.push(ofSource);
    return ofSource;
  }

  keep(ofSource: Map<string, TypePlan>, eventType: string, plan: TypePlan): void {
    this.remembered += 1 + plan.size;
    if (this.remembered > MAX_REMEMBERED) {
      for (const types of this.plans) types.clear();
      this.remembered = 1 + plan.size;
    }
    ofSource.set(eventType, plan);
  }
}

/**
 * One source of one instance, with the topics that take from it. Rules that fix the event type are found by it; of the
 * others the type rules out what it can, once for each type that comes. What is left is found by the value of a member,
 * where a rule demands one, so that only the rest has to be evaluated.
 */
export class SourcePlan {
  private readonly byType: Map<string, TypePlan>;
  private readonly fixedTopics = new Map<string, Set<number>>();
  private readonly openTopics = new Set<number>();

  constructor(
    readonly instance: InstanceConfiguration,
    readonly source: SourceConfiguration,
    readonly audience: InstanceAudience | undefined,
    readonly topics: readonly CompiledTopic[],
    private readonly memory: PlanMemory,
  ) {
    this.byType = memory.open();
    for (const [position, { rules }] of topics.entries()) {
      if (rules === undefined) this.openTopics.add(position);
      for (const rule of rules ?? []) this.enter(rule, position);
    }
  }

  /** What is left to be decided where the event is of this type. */
  planFor(eventType: string): TypePlan {
    let plan = this.byType.get(eventType);
    if (plan === undefined) {
      const positions = [...new Set([...this.openTopics, ...(this.fixedTopics.get(eventType) ?? [])])];
      plan = typePlan(
        positions.sort((a, b) => a - b).flatMap((position) => this.topics[position] ?? []),
        eventType,
      );
      this.memory.keep(this.byType, eventType, plan);
    }
    return plan;
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
}

function typePlan(topics: readonly CompiledTopic[], eventType: string): TypePlan {
  const taking: number[] = [];
  const others: Candidate[] = [];
  let size = topics.length;
  const byPath = new Map<EventPath, { byValue: Map<unknown, Candidate[]>; readsData: boolean }>();
  for (const [topic, { rules }] of topics.entries()) {
    const open = rules?.map((rule) => openFilters(rule, eventType)).filter((filters) => filters !== undefined);
    if (open === undefined || open.some((filters) => filters.length === 0)) {
      taking.push(topic);
      continue;
    }
    for (const filters of open) {
      size += filters.length;
      const [first, ...more] = filters;
      if (first === undefined) continue;
      const candidate = { topic, number: first.number, filter: first.filter, others: more };
      const fixing = filters.map(({ filter }) => filter).find(({ fixed }) => fixed !== undefined);
      if (fixing?.fixed === undefined) {
        others.push(candidate);
        continue;
      }
      const { path, values } = fixing.fixed;
      let member = byPath.get(path);
      if (member === undefined) byPath.set(path, (member = { byValue: new Map(), readsData: false }));
      member.readsData ||= fixing.readsData;
      size += values.size;
      for (const value of values) {
        const candidates = member.byValue.get(value);
        if (candidates === undefined) member.byValue.set(value, [candidate]);
        else candidates.push(candidate);
      }
    }
  }
  return { topics, taking, byMember: [...byPath].map(([path, member]) => ({ path, ...member })), others, size };
}

/** @returns the filters that the type leaves open; undefined where it rules the rule out */
function openFilters({ filters }: CompiledRule, eventType: string): readonly NumberedFilter[] | undefined {
  const open: NumberedFilter[] = [];
  for (const numbered of filters) {
    const verdict = numbered.filter.verdictOn(eventType);
    if (verdict === false) return undefined;
    if (verdict === undefined) open.push(numbered);
  }
  return open;
}
