import type { NotificationDelivery } from './notification-status.repository.js';

/** What became of a notification as a whole: of several deliveries, the worst; without any, rules have not taken it yet. */
export function notificationView(deliveries: readonly NotificationDelivery[]) {
  const [worst] = deliveries;
  const status = statusOf(deliveries);
  const code = Number(/^\d{3}\b/.exec(worst?.last_status ?? '')?.[0] ?? 0);
  return {
    status,
    details: {
      /** 0: there was no answer, or it has no number. */
      status_code: code,
      status_message: worst?.problem ?? worst?.last_status ?? status,
    },
    deliveries: Object.fromEntries(
      (['waiting', 'delivered', 'failed', 'cancelled'] as const).map((state) => [
        state,
        deliveries.filter((one) => (one.state === 'leased' ? 'waiting' : one.state) === state).length,
      ]),
    ),
  };
}

function statusOf(deliveries: readonly NotificationDelivery[]): 'pending' | 'failed' | 'cancelled' | 'success' {
  const has = (...states: readonly NotificationDelivery['state'][]): boolean =>
    deliveries.some(({ state }) => states.includes(state));
  if (deliveries.length === 0 || has('waiting', 'leased')) return 'pending';
  if (has('failed')) return 'failed';
  return has('delivered') ? 'success' : 'cancelled';
}
