import { TextField, TimeField } from '@tidings/openapi';
import { EXAMPLE, HexIdField, NameField } from '../api/resource-fields.js';
import { resourceListOf } from '../api/resource-list.dto.js';
import type { ResourceGroup as StoredGroup } from '../entities/resource-group.entity.js';

export class ResourceGroupPath {
  @HexIdField('must be the id of a group', { description: 'The group’s id.', example: EXAMPLE.group })
  id!: string;
}

/** A resource group that is asked for. */
export class ResourceGroupDraft {
  @NameField({ example: 'my-group' })
  name!: string;

  @HexIdField('must be the id of an account', { description: 'Defaults to the first account.', optional: true })
  account_id?: string;
}

/** What can be changed in a resource group. */
export class ResourceGroupChange {
  @NameField({ example: 'renamed' })
  name!: string;
}

export class ResourceGroup {
  @TextField({ example: EXAMPLE.group })
  id!: string;

  @TextField({
    example: `crn:v1:tidings:public:resource-controller::a/${EXAMPLE.account}::resource-group:${EXAMPLE.group}`,
  })
  crn!: string;

  @TextField({ example: EXAMPLE.account })
  account_id!: string;

  @TextField({ example: 'default' })
  name!: string;

  @TextField({ example: 'ACTIVE' })
  state!: string;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;

  @TextField({ example: 'installation' })
  created_by!: string;

  @TimeField({ example: EXAMPLE.time })
  updated_at!: string;
}

export class ResourceGroupList extends resourceListOf(ResourceGroup) {}

/** A resource group as the API shows it. */
export function groupView({
  id,
  crn,
  account_id,
  name,
  created_at,
  created_by,
  updated_at,
}: StoredGroup): ResourceGroup {
  return {
    id,
    crn,
    account_id,
    name,
    state: 'ACTIVE',
    created_at: created_at.toISOString(),
    created_by,
    updated_at: updated_at.toISOString(),
  };
}
