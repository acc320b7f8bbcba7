import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import type { PayloadClass } from '../../definition.js';
import { OptionalText } from './field-rules.js';

/** The data of a Waldur event, as the native event has it: what happened in words, and what it happened to. */
export interface WaldurPayload<Context extends object> {
  message?: string | null;
  context: Context;
}

const classes = new WeakMap<PayloadClass<object>, PayloadClass<WaldurPayload<object>>>();

/** The payload class of those events whose context has this class: one, however many families share it. */
export function payloadWith<Context extends object>(
  context: PayloadClass<Context>,
): PayloadClass<WaldurPayload<Context>> {
  const made = classes.get(context) ?? makeClass(context);
  classes.set(context, made);
  return made as PayloadClass<WaldurPayload<Context>>;
}

function makeClass(context: PayloadClass<object>): PayloadClass<WaldurPayload<object>> {
  class Payload implements WaldurPayload<object> {
    @OptionalText()
    message?: string | null;

    @IsObject()
    @ValidateNested()
    @Type(() => context)
    context!: object;
  }
  // The schema is derived from the class that decorators record, and `object` leaves none behind at run time.
  Reflect.defineMetadata('design:type', context, Payload.prototype, 'context');
  Object.defineProperty(Payload, 'name', { value: context.name.replace(/Context$/, 'Payload') });
  return Payload;
}
