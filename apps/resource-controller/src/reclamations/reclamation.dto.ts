import { TextField } from '@tidings/openapi';
import { EXAMPLE, GuidField } from '../api/resource-fields.js';
import { resourceListOf } from '../api/resource-list.dto.js';
import type { ServiceInstance } from '../entities/service-instance.entity.js';

export class ReclamationPath {
  @GuidField({ description: 'The reclamation’s id, which is its instance’s guid.' })
  id!: string;
}

export class Reclamation {
  @TextField({ example: EXAMPLE.guid })
  id!: string;

  @TextField({ example: EXAMPLE.guid })
  entity_id!: string;

  @TextField({ example: EXAMPLE.crn })
  entity_crn!: string;

  @TextField({ example: EXAMPLE.account })
  account_id!: string;

  @TextField({ example: EXAMPLE.group })
  resource_group_id!: string;

  @TextField({ example: EXAMPLE.guid })
  resource_instance_id!: string;

  @TextField({ example: 'SCHEDULED' })
  state!: string;

  @TextField({ nullable: true, example: '2026-11-09T10:47:30.120Z' })
  target_time!: string | null;

  @TextField({ nullable: true, example: 'admin' })
  created_by!: string | null;
}

export class ReclamationList extends resourceListOf(Reclamation) {}

/** A reclamation as the API shows it; its id is its instance's guid. */
export function reclamationView(instance: ServiceInstance): Reclamation {
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
