import type { ServiceInstance } from '../entities/service-instance.entity.js';

/** An instance as the API shows it. */
export function instanceView(instance: ServiceInstance) {
  return {
    id: instance.crn,
    guid: instance.guid,
    crn: instance.crn,
    name: instance.name,
    account_id: instance.account_id,
    region_id: instance.region_id,
    resource_id: instance.resource_id,
    resource_plan_id: instance.resource_plan_id,
    resource_group_id: instance.resource_group_id,
    state: instance.state,
    locked: instance.locked,
    parameters: instance.parameters,
    promo_code: instance.promo_code,
    last_operation: instance.last_operation,
    created_at: instance.created_at.toISOString(),
    created_by: instance.created_by,
    updated_at: instance.updated_at.toISOString(),
    restored_at: instance.restored_at?.toISOString() ?? null,
    restored_by: instance.restored_by,
    scheduled_reclaim_at: instance.scheduled_reclaim_at?.toISOString() ?? null,
    scheduled_reclaim_by: instance.scheduled_reclaim_by,
  };
}

export type InstanceView = ReturnType<typeof instanceView>;
