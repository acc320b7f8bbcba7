import type { ResourceGroup } from '../entities/resource-group.entity.js';
import type { ServiceInstance } from '../entities/service-instance.entity.js';
import type { ServiceKey } from '../entities/service-key.entity.js';
import { planNamed } from '../broker/service-catalog.js';
import type { Actor, LifecycleHappening, LifecycleKey } from './life-cycle-event.js';

type KeyOf<Family extends string> = Extract<LifecycleKey, `${Family}:${string}`>;

/** Something that happened to an instance. */
export function ofInstance(
  key: KeyOf<'instance'>,
  instance: ServiceInstance,
  actor: Actor,
  refusal?: string,
): LifecycleHappening {
  const { service } = planNamed(instance.resource_plan_id);
  const { crn, guid, name, state, region_id, resource_id, resource_group_id, last_operation } = instance;
  const { created_at, created_by, updated_at, restored_at, restored_by } = instance;
  const { scheduled_reclaim_at, scheduled_reclaim_by } = instance;
  return {
    key,
    accountId: instance.account_id,
    actor,
    service: service.name,
    title: service.title,
    resource: {
      ...{
        kind: 'service_instance',
        crn,
        guid,
        name,
        state,
        region_id,
        resource_id,
        resource_group_id,
        last_operation,
      },
      ...{ created_at, created_by, updated_at, restored_at, restored_by, scheduled_reclaim_at, scheduled_reclaim_by },
    },
    ...(refusal !== undefined && { refusal }),
  };
}

/** Something that happened to a key of an instance. */
export function ofKey(
  key: KeyOf<'key'>,
  { crn, guid, name, created_at, created_by }: ServiceKey,
  instance: ServiceInstance,
  actor: Actor,
  refusal?: string,
): LifecycleHappening {
  const { service } = planNamed(instance.resource_plan_id);
  const { region_id, resource_id, resource_group_id } = instance;
  return {
    key,
    accountId: instance.account_id,
    actor,
    service: service.name,
    title: service.title,
    resource: {
      ...{ kind: 'resource_key', crn, guid, name, region_id, resource_id, resource_group_id, created_at, created_by },
    },
    ...(refusal !== undefined && { refusal }),
  };
}

/** Something that happened to a resource group. */
export function ofGroup(key: KeyOf<'resource_group'>, group: ResourceGroup, actor: Actor): LifecycleHappening {
  const { id, crn, name, created_at, created_by, updated_at } = group;
  return {
    key,
    accountId: group.account_id,
    actor,
    service: 'resource-controller',
    title: 'Resource controller',
    resource: { kind: 'resource_group', crn, guid: id, name, created_at, created_by, updated_at },
  };
}
