import type { JsonObject } from '@tidings/catalogue';
import { MemberReader, present } from '../member-reader.js';
import { templateChoice } from '../template-choice.js';

const KNOWN = ['signing_enabled', 'template_id_notification', 'add_notification_payload'];

/**
 * Reads a subscription's attributes. `add_notification_payload` is kept for IBM's clients: what the body is, the template
 * decides.
 * @throws {DomainError} `invalid_query` naming the field
 */
export function readWebhookAttributes(attributes: unknown, former: JsonObject = {}): JsonObject {
  const reader = new MemberReader(attributes, 'attributes', KNOWN, former);
  const read = present({
    signing_enabled: reader.flag('signing_enabled') ?? false,
    template_id_notification: templateChoice(reader, 'template_id_notification'),
    add_notification_payload: reader.flag('add_notification_payload'),
  });
  reader.end();
  return read;
}

/** As answers show them: where nothing else was said, the event is the body unless there is a template. */
export function viewWebhookAttributes(attributes: JsonObject): JsonObject {
  const hasTemplate = (attributes['template_id_notification'] ?? '') !== '';
  return { add_notification_payload: !hasTemplate, ...attributes };
}
