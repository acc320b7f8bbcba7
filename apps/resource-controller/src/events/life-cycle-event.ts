import { catalogue, type EventTypeName, type PayloadOf } from '@tidings/catalogue';
import type { LastOperation } from '../entities/service-instance.entity.js';

const TYPE_PREFIX = 'com.ibm.cloud.resource-lifecycle-events.';
type TypePrefix = typeof TYPE_PREFIX;
type LifecycleType = Extract<EventTypeName, `${TypePrefix}${string}`>;
type KeyOf<Type> = Type extends `${TypePrefix}${infer Key}` ? Key : never;

/** The event types that there are: `instance:create` and 23 others. */
export type LifecycleKey = KeyOf<LifecycleType>;

/** Who did it. */
export interface Actor {
  readonly id: string;
  readonly name: string;
}

/** The resource after what was done. */
export interface ResourceFacts {
  readonly crn: string;
  readonly guid: string;
  readonly name: string;
  readonly kind: string;
  readonly state?: string;
  readonly region_id?: string;
  readonly resource_id?: string;
  readonly resource_group_id?: string;
  readonly last_operation?: LastOperation;
  readonly created_at?: Date;
  readonly created_by?: string;
  readonly updated_at?: Date;
  readonly restored_at?: Date | null;
  readonly restored_by?: string | null;
  readonly scheduled_reclaim_at?: Date | null;
  readonly scheduled_reclaim_by?: string | null;
}

/** Something that happened. */
export interface LifecycleHappening {
  readonly key: LifecycleKey;
  readonly accountId: string;
  readonly actor: Actor;
  /** In actions: the service's name. */
  readonly service: string;
  /** For people. */
  readonly title: string;
  readonly resource: ResourceFacts;
  /** Why not, where it failed. */
  readonly refusal?: string;
}

/** A life-cycle event as it is published. */
export interface LifecycleEvent {
  readonly type: LifecycleType;
  readonly payload: PayloadOf<LifecycleType>;
  readonly id: string;
}

const OUTCOMES = [
  { ends: '_failure', outcome: 'failure', code: 409 },
  { ends: '_inprogress', outcome: 'pending', code: 202 },
  { ends: '', outcome: 'success', code: 200 },
] as const;

/** Says a happening as IBM Cloud does. @param id of the event @param now when it happened */
export function lifecycleEvent(happening: LifecycleHappening, id: string, now: Date): LifecycleEvent {
  const { key, accountId, actor, service, title, resource, refusal } = happening;
  const type: LifecycleType = `${TYPE_PREFIX}${key}`;
  const [family = '', subType = ''] = key.split(':');
  const { outcome, code } = OUTCOMES.find(({ ends }) => subType.endsWith(ends)) ?? OUTCOMES[2];
  const words = `${subType.replace(/_(failure|inprogress)$/, '').replaceAll('_', ' ')} ${family.replaceAll('_', ' ')}`;
  const payload = {
    account_id: accountId,
    event_id: id,
    event_type: catalogue.type(type)?.nativeType,
    timestamp: now.toISOString(),
    context: {
      subject_id: actor.id,
      subject_name: actor.name,
      activity: {
        action: `${service}.${family}.${subType}`,
        message: `${title}: ${words} ${resource.name}${refusal === undefined ? '' : `: ${refusal}`}`,
        outcome,
        reason_reasonCode: code,
        target_name: resource.name,
      },
    },
    event_properties: propertiesOf(resource),
  };
  // The type is a union here, and its payload cannot be; the publisher checks that they belong together.
  return { type, payload: payload as PayloadOf<LifecycleType>, id };
}

/** Dates as text; what a resource has not is left out. */
function propertiesOf({ kind, crn, ...facts }: ResourceFacts) {
  const said = Object.entries(facts).filter(([, fact]) => fact !== undefined && fact !== null);
  return {
    crn,
    ...Object.fromEntries(
      said.map(([name, fact]) => [name, fact instanceof Date ? fact.toISOString() : (fact as unknown)]),
    ),
    type: kind,
  };
}
