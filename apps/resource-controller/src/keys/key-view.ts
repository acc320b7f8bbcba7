import type { ServiceKey } from '../entities/service-key.entity.js';

/** A key as the API shows it. */
export function keyView({ guid, crn, instance_guid, name, role, created_at, created_by }: ServiceKey) {
  return {
    ...{ id: crn, guid, crn, name, role, state: 'active', source_guid: instance_guid },
    created_at: created_at.toISOString(),
    created_by,
  };
}

export type KeyView = ReturnType<typeof keyView>;
