import { describe, expect, expectTypeOf, it } from 'vitest';
import type { EventTypeName, PayloadOf } from '../index.js';

const CUSTOMER_UUID = '47eaa0992cb6416d86dc283cf0480ff9';

/** As a publisher takes it: the name decides on the payload. */
function publish<Type extends EventTypeName>(
  type: Type,
  payload: PayloadOf<Type>,
): { type: Type; payload: PayloadOf<Type> } {
  return { type, payload };
}

// What is wrong below is found by the compiler (`npm run typecheck`), which fails where an expected error does not come.
describe('the static types of payloads', () => {
  it('take the payload that belongs to the name', () => {
    const { payload } = publish('com.waldur.customer_creation_succeeded', {
      message: 'Customer has been created.',
      context: { customer_uuid: CUSTOMER_UUID, customer_name: null },
    });
    expectTypeOf(payload.context.customer_uuid).toEqualTypeOf<string>();
    expectTypeOf(payload.context.customer_name).toEqualTypeOf<string | null | undefined>();
    expect(payload.context.customer_uuid).toBe(CUSTOMER_UUID);
  });

  it('refuse a name that nobody declared', () => {
    // @ts-expect-error: the type is spelled customer_creation_succeeded
    publish('com.waldur.customer_created', { context: { customer_uuid: CUSTOMER_UUID } });
    // @ts-expect-error: a native name is not the name on the bus
    publish('customer_creation_succeeded', { context: { customer_uuid: CUSTOMER_UUID } });
  });

  it('refuse a payload that lacks a field', () => {
    // @ts-expect-error: there is no context
    publish('com.waldur.customer_creation_succeeded', {});
    // @ts-expect-error: the context does not say which customer
    publish('com.waldur.customer_creation_succeeded', { context: { customer_name: 'University of Tartu' } });
    // @ts-expect-error: an id that is required is not null
    publish('com.waldur.customer_creation_succeeded', { context: { customer_uuid: null } });
  });

  it('refuse a field of another type', () => {
    // @ts-expect-error: a name is text
    publish('com.waldur.customer_creation_succeeded', { context: { customer_uuid: CUSTOMER_UUID, customer_name: 7 } });
    // @ts-expect-error: a message is text
    publish('com.waldur.customer_creation_succeeded', { message: 7, context: { customer_uuid: CUSTOMER_UUID } });
  });

  it("refuse another event's payload", () => {
    const sshKey: PayloadOf<'com.waldur.ssh_key_creation_succeeded'> = {
      context: { ssh_key_uuid: '77ca4499e07c4579be7fb97bfcc1c0c8' },
    };
    publish('com.waldur.ssh_key_deletion_succeeded', sshKey);
    // @ts-expect-error: a key is no customer
    publish('com.waldur.customer_creation_succeeded', sshKey);
    // @ts-expect-error: nor is it a resource
    publish('com.waldur.resource_stop_failed', sshKey);
  });
});
