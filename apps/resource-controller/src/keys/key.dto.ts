import { TextField, TimeField } from '@tidings/openapi';
import { EXAMPLE, GuidField, NameField } from '../api/resource-fields.js';
import { resourceListOf } from '../api/resource-list.dto.js';
import type { ServiceKey } from '../entities/service-key.entity.js';

const EXAMPLE_GUID = '8a1de0fc-0d0e-4c57-9b0e-1a9a0bb6f0c5';
const EXAMPLE_CRN = EXAMPLE.crn.replace(/::$/, `:resource-key:${EXAMPLE_GUID}`);

export class ResourceKeyPath {
  @GuidField({ description: 'The key’s guid, or its CRN percent-encoded.' })
  id!: string;
}

/** A key that is asked for. */
export class ResourceKeyDraft {
  @NameField({ example: 'my-key' })
  name!: string;

  @TextField({
    description: 'The instance’s guid or CRN.',
    rule: 'must be the guid or CRN of an instance',
    example: EXAMPLE.guid,
  })
  source!: string;

  @TextField({
    description: 'One that the broker knows. Defaults to Reader.',
    pattern: /^[A-Za-z][A-Za-z0-9 ]{0,39}$/,
    rule: 'must be the name of a role, such as Reader',
    optional: true,
    example: 'Reader',
  })
  role?: string;
}

export class ResourceKey {
  @TextField({ example: EXAMPLE_CRN })
  id!: string;

  @TextField({ example: EXAMPLE_GUID })
  guid!: string;

  @TextField({ example: EXAMPLE_CRN })
  crn!: string;

  @TextField({ example: 'my-key' })
  name!: string;

  @TextField({ example: 'Reader' })
  role!: string;

  @TextField({ example: 'active' })
  state!: string;

  @TextField({ description: 'The guid of the instance.', example: EXAMPLE.guid })
  source_guid!: string;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;

  @TextField({ example: 'admin' })
  created_by!: string;
}

export class ResourceKeyList extends resourceListOf(ResourceKey) {}

/** A key as the API shows it. */
export function keyView({ guid, crn, instance_guid, name, role, created_at, created_by }: ServiceKey): ResourceKey {
  return {
    id: crn,
    guid,
    crn,
    name,
    role,
    state: 'active',
    source_guid: instance_guid,
    created_at: created_at.toISOString(),
    created_by,
  };
}
