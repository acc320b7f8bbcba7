import { en } from '../../messages/en.js';
import type { Routing } from './event-queries.js';

/** The picture in words, to be sent to somebody who asks why. */
export function routingText({ event, source, topics, deliveries, configuration_version }: Routing): string {
  const lines = [`${event.type} ${event.uuid}`, en.routing.lead(configuration_version)];
  lines.push(
    source === null
      ? `- ${en.routing.noSource}`
      : `- ${source.name} ${source.enabled ? en.routing.on : en.routing.off}`,
  );
  for (const topic of topics) {
    lines.push(`  - ${topic.name} ${topic.reason === null ? en.routing.taken : en.routing.reasons[topic.reason]}`);
    for (const { enabled, event_type_filter: byType, notification_filter: byPayload } of topic.rules) {
      const mark = (matches: boolean): string => (matches ? '✓' : '✗');
      if (!enabled) lines.push(`      ${en.routing.ruleOff}`);
      else {
        lines.push(
          `      ${mark(byType.matches)} ${byType.filter}`,
          `      ${mark(byPayload.matches)} ${byPayload.filter}`,
        );
      }
    }
    for (const { id, name } of topic.subscriptions) {
      const delivery = deliveries.find((one) => one.subscription_id === id);
      lines.push(
        `    - ${name}: ${delivery === undefined ? en.routing.notDelivered : en.routing.deliveries[delivery.state]}`,
      );
    }
  }
  return lines.join('\n');
}
