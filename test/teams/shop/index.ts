import { contentId, event, nativeSource, system, type JsonObject, type NativeFormat } from '@tidings/catalogue';
import { FirstOrderPayload, OrderPayload } from './payloads.js';

const PREFIX = 'com.acme.shop.';
const SCOPES = { customer: 'customer_id' };

interface NativeOrder {
  readonly kind: string;
  readonly at: string;
  readonly order: JsonObject & { readonly order_id: string };
}

/** What the shop's own web hook sends. It trusts itself to send an order with every event: a mistake, for the tests. */
const native: NativeFormat = {
  read: (sent, site) => {
    const { kind, at, order } = sent as unknown as NativeOrder;
    const id = contentId(`${kind} ${at} ${order.order_id}`);
    return { event: { id, source: nativeSource('shop', site), type: `${PREFIX}${kind}`, time: at, data: order } };
  },
  write: ({ type, time, data }) => ({ kind: type.slice(PREFIX.length), at: time, order: data }),
};

/** A system as a team of its own declares it, in a package of its own: Tidings knows nothing of it. */
const shop = system({
  name: 'shop',
  title: 'Acme Shop',
  typePrefix: PREFIX,
  scopeRoles: { customer: 'tenant' },
  undeclared: { subject: 'order_id', scopes: SCOPES, message: () => 'The shop reports something.' },
  native,
  events: {
    'order.placed': event({
      summary: 'A customer placed an order',
      version: 2,
      groups: ['orders', 'customers'],
      subject: 'order_id',
      scopes: SCOPES,
      outcome: 'succeeded',
      message: ({ order_id, total }) => `Order ${order_id} of ${total.cents / 100} ${total.currency} was placed.`,
      payload: OrderPayload,
      earlier: { 1: FirstOrderPayload },
      example: { order_id: 'A-17', customer_id: 'C-4', total: { cents: 1990, currency: 'EUR' } },
    }),
    'order.cancelled': event({
      summary: 'An order was cancelled before it was sent',
      version: 1,
      groups: ['orders'],
      subject: 'order_id',
      scopes: SCOPES,
      outcome: 'cancelled',
      message: ({ order_id }) => `Order ${order_id} was cancelled.`,
      payload: OrderPayload,
      example: { order_id: 'A-17', customer_id: 'C-4', total: { cents: 1990, currency: 'EUR' } },
    }),
  },
});

/** What Tidings loads. */
export const systems = [shop];

// Whoever imports this package publishes and reads these types as those of Tidings itself.
declare module '@tidings/catalogue' {
  interface DeclaredSystems {
    shop: typeof shop;
  }
}
