import { WaldurContext } from '../contexts.js';
import { family } from '../families.js';
import { Id, OptionalAmount, OptionalId, OptionalText } from '../field-rules.js';
import { OFFERING, PLAN, STAFF } from './people.js';

/** What an offering is billed by. Waldur tells its type and name; its id and its offering not yet. */
export class OfferingComponentContext extends WaldurContext {
  @OptionalId()
  offering_component_uuid?: string | null;

  @OptionalText()
  offering_component_type?: string | null;

  @OptionalText()
  offering_component_name?: string | null;

  @OptionalText()
  offering_component_measured_unit?: string | null;

  @OptionalId()
  offering_uuid?: string | null;

  @OptionalText()
  offering_name?: string | null;
}

export class PlanContext extends WaldurContext {
  @Id()
  plan_uuid!: string;

  @OptionalText()
  plan_name?: string | null;

  @OptionalId()
  offering_uuid?: string | null;

  @OptionalText()
  offering_name?: string | null;
}

/** A component in a plan, which is told by its plan and its component's name. */
export class PlanComponentContext extends PlanContext {
  @OptionalText()
  component_name?: string | null;

  @OptionalText()
  component_type?: string | null;

  @OptionalAmount()
  plan_component_amount?: number | string | null;

  @OptionalAmount()
  plan_component_price?: number | string | null;

  @OptionalAmount()
  plan_component_future_price?: number | string | null;

  @OptionalAmount()
  old_value?: number | string | null;

  @OptionalAmount()
  new_value?: number | string | null;
}

const offeringComponent = family({
  entity: 'A component of an offering',
  groups: ['offering_accounting'],
  subject: [
    'context.offering_component_uuid',
    '{context.offering_uuid}/{context.offering_component_type}',
    'context.offering_component_type',
    'context.offering_component_name',
  ],
  names: ['context.offering_component_name', 'context.offering_component_type'],
  context: OfferingComponentContext,
  example: {
    ...STAFF,
    offering_component_name: 'CPU hours',
    offering_component_type: 'cpu_hours',
    offering_component_measured_unit: 'h',
  },
});

const plan = family({
  entity: 'A plan of an offering',
  groups: ['offering_accounting'],
  subject: ['context.plan_uuid'],
  names: ['context.plan_name'],
  context: PlanContext,
  example: { ...STAFF, ...PLAN, ...OFFERING },
});

const planComponent = family({
  entity: 'A component of a plan',
  groups: ['offering_accounting'],
  subject: ['context.plan_uuid'],
  names: ['{context.component_name} in {context.plan_name}', 'context.plan_name'],
  context: PlanComponentContext,
  example: {
    ...STAFF,
    ...PLAN,
    ...OFFERING,
    component_name: 'CPU hours',
    component_type: 'cpu_hours',
    plan_component_price: 0.02,
    old_value: '0.0150000000',
    new_value: '0.0200000000',
  },
});

export const offeringAccountingEvents = {
  marketplace_offering_component_created: offeringComponent('was created'),
  marketplace_offering_component_deleted: offeringComponent('was deleted'),
  marketplace_offering_component_updated: offeringComponent('was updated'),

  marketplace_plan_archived: plan('was archived'),
  marketplace_plan_created: plan('was created'),
  marketplace_plan_deleted: plan('was deleted'),
  marketplace_plan_updated: plan('was updated'),

  marketplace_plan_component_current_price_updated: planComponent('got another price'),
  marketplace_plan_component_future_price_updated: planComponent('will have another price'),
  marketplace_plan_component_quota_updated: planComponent('got another quota'),
};
