import { Catalogue, systems as ofTidings, type EventTypeName, type PayloadOf } from '@tidings/catalogue';
import { Publisher } from '@tidings/publishing';
import { MemoryTransport } from '@tidings/transport';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { systems } from '../../teams/shop/index.js';

const ORDER = { order_id: 'A-17', customer_id: 'C-4', total: { cents: 1990, currency: 'EUR' } } as const;

// What is wrong below is found by the compiler (`npm run typecheck`), which fails where an expected error does not come.
describe("the types of a team's own system", () => {
  let publisher: Publisher;

  beforeAll(async () => {
    publisher = new Publisher({
      publisher: await new MemoryTransport().createPublisher(),
      catalogue: new Catalogue([...ofTidings, ...systems]),
    });
  });

  afterAll(async () => publisher.close());

  it('are published as those of Tidings are', () => {
    const { record } = publisher.encode('com.acme.shop.order.placed', ORDER);
    expect(record.kafkaTopic).toBe('lifecycle.shop.orders');
    expect(record.key).toBe('A-17');
    expectTypeOf<'com.acme.shop.order.placed'>().toExtend<EventTypeName>();
    expectTypeOf<PayloadOf<'com.acme.shop.order.placed'>['total']['currency']>().toEqualTypeOf<'EUR' | 'SEK'>();
  });

  it('refuse a wrong name or payload, before and while it runs', () => {
    // @ts-expect-error: it is order.placed
    expect(() => publisher.encode('com.acme.shop.order.place', ORDER)).toThrow(
      /did you mean com\.acme\.shop\.order\.placed/,
    );
    expect(() =>
      // @ts-expect-error: what is a crown?
      publisher.encode('com.acme.shop.order.placed', { ...ORDER, total: { cents: 1, currency: 'NOK' } }),
    ).toThrow(/total\.currency must be one of EUR, SEK/);
  });
});
