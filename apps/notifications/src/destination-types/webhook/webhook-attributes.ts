import { hyphenated, type JsonObject, parseUuid } from '@tidings/catalogue';
import { MemberReader } from '../member-reader.js';

const KNOWN = ['signing_enabled', 'template_id_notification', 'add_notification_payload'];

/**
 * Reads a subscription's attributes. `add_notification_payload`, which reads add, may come back and says nothing.
 * @throws {DomainError} `invalid_query` naming the field
 */
export function readWebhookAttributes(attributes: unknown, former: JsonObject = {}): JsonObject {
  const reader = new MemberReader(attributes, 'attributes', KNOWN, former);
  const signing = reader.flag('signing_enabled') ?? false;
  // An empty text takes the template away.
  const template = reader.value('template_id_notification') ?? '';
  const id = typeof template === 'string' ? parseUuid(template) : undefined;
  if (template !== '' && id === undefined) {
    reader.wrong('template_id_notification', 'must be the id of a template, or empty for none');
  }
  reader.end();
  return { signing_enabled: signing, ...(id !== undefined && { template_id_notification: hyphenated(id) }) };
}

/** As answers show them: without a template, the event is the body. */
export function viewWebhookAttributes(attributes: JsonObject): JsonObject {
  return { ...attributes, add_notification_payload: attributes['template_id_notification'] === undefined };
}
