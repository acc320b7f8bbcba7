import type { ResourceGroup } from '../entities/resource-group.entity.js';

/** A resource group as the API shows it. */
export function groupView({ id, crn, account_id, name, created_at, created_by, updated_at }: ResourceGroup) {
  return {
    ...{ id, crn, account_id, name, state: 'ACTIVE' },
    created_at: created_at.toISOString(),
    created_by,
    updated_at: updated_at.toISOString(),
  };
}

export type GroupView = ReturnType<typeof groupView>;
