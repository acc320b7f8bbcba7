import { Type } from 'class-transformer';
import { Equals, IsBoolean, IsInt, IsNotEmpty, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { PayloadClass } from '../../definition.js';

/** Who asked for it; LXD leaves it out of what it does by itself. */
export class Requestor {
  @IsOptional()
  @IsString()
  username?: string;

  @IsOptional()
  @IsString()
  protocol?: string;

  @IsOptional()
  @IsString()
  address?: string;
}

export class LifecycleMetadata<Action extends string = string, Context extends object = object> {
  action!: Action;

  /** The API path of what was acted on, with `?project=` where it is in one. */
  @IsString()
  @IsNotEmpty()
  source!: string;

  context?: Context;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => Requestor)
  requestor?: Requestor;

  @IsOptional()
  @IsString()
  name?: string;

  @IsOptional()
  @IsString()
  project?: string;
}

/** What every LXD event has beside its metadata. */
export class LxdPayload {
  /** The cluster member that says it. */
  @IsOptional()
  @IsString()
  location?: string;

  @IsOptional()
  @IsString()
  project?: string;
}

/** A life-cycle event without its type and time, which the envelope carries. */
export class LifecyclePayload<Action extends string = string, Context extends object = object> extends LxdPayload {
  metadata!: LifecycleMetadata<Action, Context>;
}

/**
 * The payload of one action: it must say that action inside, or one event would have two.
 * @param context its context's class; any object where none is known
 */
export function lifecyclePayload<const Action extends string, Context extends object>(
  action: Action,
  context?: PayloadClass<Context>,
): PayloadClass<LifecyclePayload<Action, Context>> {
  class TypedMetadata extends LifecycleMetadata<Action, Context> {}
  Equals(action)(TypedMetadata.prototype, 'action');
  IsOptional()(TypedMetadata.prototype, 'context');
  IsObject()(TypedMetadata.prototype, 'context');
  if (context !== undefined) nest(TypedMetadata.prototype, 'context', context);

  class TypedPayload extends LifecyclePayload<Action, Context> {}
  IsObject()(TypedPayload.prototype, 'metadata');
  nest(TypedPayload.prototype, 'metadata', TypedMetadata);
  return TypedPayload;
}

/** What the compiler does for a property declared with `@ValidateNested()` and `@Type()`. */
function nest(owner: object, property: string, type: PayloadClass<object>): void {
  Reflect.defineMetadata('design:type', type, owner, property);
  ValidateNested()(owner, property);
  Type(() => type)(owner, property);
}

export class OperationMetadata {
  @IsString()
  @IsNotEmpty()
  id!: string;

  /** `task`, `token` or `websocket`. */
  @IsOptional()
  @IsString()
  class?: string;

  @IsOptional()
  @IsString()
  description?: string;

  @IsOptional()
  @IsString()
  created_at?: string;

  @IsOptional()
  @IsString()
  updated_at?: string;

  @IsOptional()
  @IsString()
  status?: string;

  @IsInt()
  status_code!: number;

  /** The API paths of what is worked on, by kind. */
  @IsOptional()
  @IsObject()
  resources?: object;

  @IsOptional()
  @IsObject()
  metadata?: object | null;

  @IsOptional()
  @IsBoolean()
  may_cancel?: boolean;

  @IsOptional()
  @IsString()
  err?: string;

  @IsOptional()
  @IsString()
  location?: string;
}

export class OperationPayload extends LxdPayload {
  @IsObject()
  @ValidateNested()
  @Type(() => OperationMetadata)
  metadata!: OperationMetadata;
}

export class LoggingMetadata {
  @IsString()
  message!: string;

  @IsString()
  @IsNotEmpty()
  level!: string;

  @IsOptional()
  @IsObject()
  context?: Record<string, string>;
}

export class LoggingPayload extends LxdPayload {
  @IsObject()
  @ValidateNested()
  @Type(() => LoggingMetadata)
  metadata!: LoggingMetadata;
}
