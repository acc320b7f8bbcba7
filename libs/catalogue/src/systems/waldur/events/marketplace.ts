import { WaldurContext } from '../contexts.js';
import { family } from '../families.js';
import { Id, OptionalId, OptionalText } from '../field-rules.js';
import { MEMBER, OFFERING, PLAN, PROJECT } from './people.js';

/** What orders and marketplace resources both say. */
class ProductContext extends WaldurContext {
  @OptionalText()
  resource_name?: string | null;

  @OptionalText()
  resource_backend_id?: string | null;

  @OptionalText()
  resource_slug?: string | null;

  @OptionalId()
  offering_uuid?: string | null;

  @OptionalText()
  offering_name?: string | null;

  @OptionalId()
  plan_uuid?: string | null;

  @OptionalText()
  plan_name?: string | null;
}

export class OrderContext extends ProductContext {
  @Id()
  order_uuid!: string;

  @OptionalId()
  resource_uuid?: string | null;

  /** Create, Update or Terminate. */
  @OptionalText()
  type?: string | null;
}

/** An order that was unlinked is gone, and may be told by its resource alone. */
export class UnlinkedOrderContext extends ProductContext {
  @OptionalId()
  order_uuid?: string | null;

  @OptionalId()
  resource_uuid?: string | null;
}

export class MarketplaceResourceContext extends ProductContext {
  @Id()
  resource_uuid!: string;

  @OptionalText()
  old_name?: string | null;
}

/** An account of a program at a resource. It has no id in the event. */
export class RobotAccountContext extends ProductContext {
  @OptionalId()
  robot_account_uuid?: string | null;

  @OptionalText()
  robot_account_type?: string | null;

  @OptionalText()
  robot_account_username?: string | null;

  @OptionalId()
  resource_uuid?: string | null;
}

const PRODUCT = {
  ...MEMBER,
  ...PROJECT,
  ...OFFERING,
  ...PLAN,
  resource_uuid: '4ea9877af3764c25ae460a9618949a23',
  resource_name: 'genome-alloc',
} as const;

const ORDER_UUID = 'a3c5e7091b2d4f6a8c0e1d3b5f7a9c24';

const order = family({
  entity: 'A marketplace order',
  groups: ['resources'],
  subject: ['context.order_uuid'],
  names: ['context.resource_name', 'context.order_uuid'],
  context: OrderContext,
  example: { ...PRODUCT, order_uuid: ORDER_UUID, type: 'Create' },
});

const unlinkedOrder = family({
  entity: 'A marketplace order',
  groups: ['resources'],
  subject: ['context.order_uuid', 'context.resource_uuid'],
  names: ['context.resource_name', 'context.order_uuid'],
  context: UnlinkedOrderContext,
  example: { ...PRODUCT, order_uuid: ORDER_UUID },
});

const resource = {
  entity: 'A marketplace resource',
  subject: ['context.resource_uuid'],
  names: ['context.resource_name'],
  context: MarketplaceResourceContext,
  example: PRODUCT,
} as const;

const consumerResource = family({ ...resource, groups: ['resources'] });

const providerResource = family({ ...resource, groups: ['resources', 'providers'] });

const robotAccount = family({
  entity: 'A robot account of a resource',
  groups: ['resources', 'providers'],
  subject: [
    'context.robot_account_uuid',
    '{context.resource_uuid}/{context.robot_account_type}',
    'context.robot_account_username',
    'context.robot_account_type',
  ],
  names: ['context.robot_account_username', 'context.robot_account_type'],
  context: RobotAccountContext,
  example: { ...MEMBER, robot_account_type: 'CI', robot_account_username: 'ut_ci_runner' },
});

export const marketplaceEvents = {
  marketplace_order_created: order('was placed', 'scheduled'),
  marketplace_order_approved: order('was approved and is carried out', 'in_progress'),
  marketplace_order_completed: order('was carried out'),
  marketplace_order_failed: order('could not be carried out', 'failed'),
  marketplace_order_rejected: order('was rejected', 'cancelled'),
  marketplace_order_terminated: order('was cancelled', 'cancelled'),
  marketplace_order_unlinked: unlinkedOrder('was removed and its resource left as it is'),

  marketplace_resource_create_requested: providerResource('is to be created', 'scheduled'),
  marketplace_resource_create_succeeded: providerResource('was created'),
  marketplace_resource_create_failed: providerResource('could not be created', 'failed'),
  marketplace_resource_create_canceled: providerResource('is not to be created after all', 'cancelled'),
  marketplace_resource_update_requested: providerResource('is to be updated', 'scheduled'),
  marketplace_resource_update_succeeded: consumerResource('was updated'),
  marketplace_resource_update_failed: providerResource('could not be updated', 'failed'),
  marketplace_resource_update_canceled: consumerResource('is not to be updated after all', 'cancelled'),
  marketplace_resource_update_limits_succeeded: providerResource('got other limits'),
  marketplace_resource_update_limits_failed: providerResource('could not get other limits', 'failed'),
  marketplace_resource_update_end_date_succeeded: consumerResource('got another end date'),
  marketplace_resource_terminate_requested: providerResource('is to be terminated', 'scheduled'),
  marketplace_resource_terminate_succeeded: providerResource('was terminated'),
  marketplace_resource_terminate_failed: providerResource('could not be terminated', 'failed'),
  marketplace_resource_terminate_canceled: consumerResource('is not to be terminated after all', 'cancelled'),
  marketplace_resource_downscaled: consumerResource('was downscaled'),
  marketplace_resource_paused: consumerResource('was paused'),
  marketplace_resource_erred_on_backend: consumerResource('has an error on its backend', 'failed'),
  marketplace_resource_unlinked: consumerResource('was removed from Waldur and left on its backend'),

  resource_robot_account_created: robotAccount('was created'),
  resource_robot_account_deleted: robotAccount('was deleted'),
  resource_robot_account_state_changed: robotAccount('is in another state'),
  resource_robot_account_updated: robotAccount('was updated'),
};
