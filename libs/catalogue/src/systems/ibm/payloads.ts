import { Type } from 'class-transformer';
import { Equals, IsNotEmpty, IsNumber, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { PayloadClass } from '../../definition.js';

/** What was done, and how it ended. */
export class Activity {
  @IsOptional()
  @IsString()
  action?: string;

  @IsOptional()
  @IsString()
  message?: string;

  @IsOptional()
  @IsString()
  outcome?: string;

  @IsOptional()
  @IsNumber()
  reason_reasonCode?: number;

  @IsOptional()
  @IsString()
  target_name?: string;
}

/** Who did it. */
export class ActivityContext {
  @IsOptional()
  @IsString()
  subject_id?: string;

  @IsOptional()
  @IsString()
  subject_name?: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => Activity)
  activity?: Activity;
}

export class LastOperation {
  @IsOptional()
  @IsString()
  description?: string;

  @IsOptional()
  @IsString()
  state?: string;

  @IsOptional()
  @IsString()
  type?: string;
}

/** The resource after what was done. Which fields it has depends on its kind; its CRN is its name everywhere. */
export class ResourceProperties {
  @IsString()
  @IsNotEmpty()
  crn!: string;

  @IsOptional()
  @IsString()
  guid?: string;

  @IsOptional()
  @IsString()
  name?: string;

  @IsOptional()
  @IsString()
  type?: string;

  @IsOptional()
  @IsString()
  state?: string;

  @IsOptional()
  @IsString()
  region_id?: string;

  @IsOptional()
  @IsString()
  resource_id?: string;

  @IsOptional()
  @IsString()
  resource_group_id?: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => LastOperation)
  last_operation?: LastOperation;

  @IsOptional()
  @IsString()
  created_at?: string;

  @IsOptional()
  @IsString()
  created_by?: string;

  @IsOptional()
  @IsString()
  updated_at?: string;

  /** Only after a restore. */
  @IsOptional()
  @IsString()
  restored_at?: string;

  @IsOptional()
  @IsString()
  restored_by?: string;

  /** Only while a deletion can still be taken back. */
  @IsOptional()
  @IsString()
  scheduled_reclaim_at?: string;

  @IsOptional()
  @IsString()
  scheduled_reclaim_by?: string;
}

/** A resource life-cycle event as IBM Cloud prints it: the `data` of the CloudEvent, or the whole of the bare form. */
export class ResourceLifecyclePayload<NativeType extends string = string> {
  @IsString()
  @IsNotEmpty()
  account_id!: string;

  /** A UUID by its documentation; IBM's own example is none, so any text will do. */
  @IsString()
  @IsNotEmpty()
  event_id!: string;

  event_type!: NativeType;

  @IsString()
  @IsNotEmpty()
  timestamp!: string;

  @IsObject()
  @ValidateNested()
  @Type(() => ActivityContext)
  context!: ActivityContext;

  @IsObject()
  @ValidateNested()
  @Type(() => ResourceProperties)
  event_properties!: ResourceProperties;
}

/** The payload of one type: it must say the same type inside, or one event would have two. */
export function resourceLifecyclePayload<const NativeType extends string>(
  nativeType: NativeType,
): PayloadClass<ResourceLifecyclePayload<NativeType>> {
  class TypedPayload extends ResourceLifecyclePayload<NativeType> {}
  Equals(nativeType)(TypedPayload.prototype, 'event_type');
  return TypedPayload;
}
