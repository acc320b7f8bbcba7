import type { ServiceInstance } from '../entities/service-instance.entity.js';

/** A reclamation as the API shows it; its id is its instance's guid. */
export function reclamationView(instance: ServiceInstance) {
  return {
    id: instance.guid,
    entity_id: instance.guid,
    entity_crn: instance.crn,
    account_id: instance.account_id,
    resource_group_id: instance.resource_group_id,
    resource_instance_id: instance.guid,
    state: instance.state === 'pending_reclamation' ? 'SCHEDULED' : 'RESTORED',
    target_time: instance.scheduled_reclaim_at?.toISOString() ?? null,
    created_by: instance.scheduled_reclaim_by,
  };
}

export type ReclamationView = ReturnType<typeof reclamationView>;
