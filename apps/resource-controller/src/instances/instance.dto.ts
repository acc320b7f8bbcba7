import {
  ChoiceField,
  ClassSchema,
  FlagField,
  JsonObjectField,
  NestedField,
  TextField,
  TimeField,
} from '@tidings/openapi';
import { EXAMPLE, GuidField, HexIdField, NameField, ParametersField, PlanField } from '../api/resource-fields.js';
import { resourceListOf } from '../api/resource-list.dto.js';
import { INSTANCE_STATES, type InstanceState, type ServiceInstance } from '../entities/service-instance.entity.js';

const PLAN = 'apprapp-lite';

export class ResourceInstancePath {
  @GuidField({ description: 'The instance’s guid, or its CRN percent-encoded.' })
  id!: string;
}

/** An instance that is asked for. */
export class ResourceInstanceDraft {
  @NameField({ example: 'my-instance' })
  name!: string;

  @PlanField({ example: PLAN })
  resource_plan_id!: string;

  @HexIdField('must be the id of a resource group', { description: 'Defaults to the default group.', optional: true })
  resource_group?: string;

  @TextField({
    description: 'The region.',
    pattern: /^[a-z][a-z0-9-]{0,39}$/,
    rule: 'must be the name of a region, such as us-south',
    optional: true,
  })
  target?: string;

  @ParametersField({ optional: true })
  parameters?: Record<string, unknown>;
}

/** What can be changed in an instance: its name and parameters, or its plan. */
@ClassSchema({
  minProperties: 1,
  not: { required: ['resource_plan_id'], minProperties: 2 },
  example: { name: 'renamed' },
})
export class ResourceInstanceChange {
  @NameField({ optional: true })
  name?: string;

  @PlanField({ description: 'Is changed alone.', optional: true })
  resource_plan_id?: string;

  @ParametersField({ optional: true })
  parameters?: Record<string, unknown>;
}

export class ResourceInstanceStateChange {
  @ChoiceField(['active', 'inactive'], { example: 'inactive' })
  state!: 'active' | 'inactive';
}

export class PromoCode {
  @TextField({
    pattern: /^[A-Z0-9-]{4,40}$/,
    rule: 'must be 4 to 40 capital letters, digits and hyphens',
    example: 'WELCOME-10',
  })
  promo_code!: string;
}

/** How an instance is deleted. */
export class ResourceInstanceDeletion {
  @FlagField({ description: 'With its keys.', optional: true, example: true })
  recursive: boolean = false;
}

/** How the last operation on an instance went. */
export class LastOperation {
  @TextField({ example: 'create' })
  type!: string;

  @TextField({ example: 'in progress' })
  state!: string;

  @TextField({ example: 'Started create instance operation' })
  description!: string;
}

export class ResourceInstance {
  @TextField({ example: EXAMPLE.crn })
  id!: string;

  @TextField({ format: 'uuid', example: EXAMPLE.guid })
  guid!: string;

  @TextField({ example: EXAMPLE.crn })
  crn!: string;

  @TextField({ example: 'my-instance' })
  name!: string;

  @TextField({ example: EXAMPLE.account })
  account_id!: string;

  @TextField({ example: 'us-south' })
  region_id!: string;

  @TextField({ example: 'apprapp-7fff092e-4b5e-4c7e-83cd-c52c2b155f0f' })
  resource_id!: string;

  @TextField({ example: PLAN })
  resource_plan_id!: string;

  @TextField({ example: EXAMPLE.group })
  resource_group_id!: string;

  @ChoiceField(INSTANCE_STATES, { example: 'provisioning' })
  state!: InstanceState;

  @FlagField({ example: false })
  locked!: boolean;

  @JsonObjectField({ example: {} })
  parameters!: object;

  @TextField({ nullable: true, example: null })
  promo_code!: string | null;

  @NestedField(() => LastOperation)
  last_operation!: LastOperation;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;

  @TextField({ example: 'admin' })
  created_by!: string;

  @TimeField({ example: EXAMPLE.time })
  updated_at!: string;

  @TextField({ nullable: true, example: null })
  restored_at!: string | null;

  @TextField({ nullable: true, example: null })
  restored_by!: string | null;

  @TextField({ nullable: true, example: null })
  scheduled_reclaim_at!: string | null;

  @TextField({ nullable: true, example: null })
  scheduled_reclaim_by!: string | null;
}

export class ResourceInstanceList extends resourceListOf(ResourceInstance) {}

/** An instance as the API shows it. */
export function instanceView(instance: ServiceInstance): ResourceInstance {
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
