import { IsIn, IsObject, Matches } from 'class-validator';
import { MayBeMissing, NAME, NAME_RULE } from '../api/resource-body.js';
import { PLAN_IDS } from '../broker/service-catalog.js';

const PLAN_RULE = `must be one of ${PLAN_IDS.join(', ')}`;
export const REGION = /^[a-z][a-z0-9-]{0,39}$/;
const REGION_RULE = 'must be the name of a region, as us-south';

/** An instance that is asked for. */
export class InstanceDraft {
  @Matches(NAME, { message: NAME_RULE })
  name!: string;

  @IsIn(PLAN_IDS, { message: PLAN_RULE })
  resource_plan_id!: string;

  /** The id of a resource group; the account's default one without it. */
  @MayBeMissing()
  @Matches(/^[0-9a-f]{32}$/, { message: 'must be the id of a resource group: 32 hexadecimal digits' })
  resource_group?: string;

  /** The region. */
  @MayBeMissing()
  @Matches(REGION, { message: REGION_RULE })
  target?: string;

  @MayBeMissing()
  @IsObject({ message: 'must be a JSON object' })
  parameters?: Record<string, unknown>;
}

/** What is to be another in an instance: its name and parameters, or its plan. */
export class InstanceChange {
  @MayBeMissing()
  @Matches(NAME, { message: NAME_RULE })
  name?: string;

  @MayBeMissing()
  @IsIn(PLAN_IDS, { message: PLAN_RULE })
  resource_plan_id?: string;

  @MayBeMissing()
  @IsObject({ message: 'must be a JSON object' })
  parameters?: Record<string, unknown>;
}

export class StateChange {
  @IsIn(['active', 'inactive'], { message: 'must be active or inactive' })
  state!: 'active' | 'inactive';
}

export class PromoCode {
  @Matches(/^[A-Z0-9-]{4,40}$/, { message: 'must be 4 to 40 capital letters, digits and hyphens' })
  promo_code!: string;
}

/** Of a deletion; in the query. */
export class Deletion {
  @MayBeMissing()
  @IsIn(['true', 'false'], { message: 'must be true or false' })
  recursive?: 'true' | 'false';
}
