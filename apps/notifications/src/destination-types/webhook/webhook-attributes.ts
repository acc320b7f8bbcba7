import { hyphenated, isJsonObject, type JsonObject, parseUuid } from '@tidings/catalogue';
import { invalidQuery } from '@tidings/runtime';

const KNOWN = ['signing_enabled', 'template_id_notification', 'add_notification_payload'];

/**
 * Reads a subscription's attributes. `add_notification_payload`, which reads add, may come back and says nothing.
 * @throws {DomainError} `invalid_query` naming the field
 */
export function readWebhookAttributes(attributes: unknown, former: JsonObject = {}): JsonObject {
  const given = attributes ?? {};
  if (!isJsonObject(given))
    throw invalidQuery({ attributes: [`must be a JSON object with ${KNOWN[0]} and ${KNOWN[1]}`] });
  const unknown = Object.keys(given).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    throw invalidQuery({ [`attributes.${unknown}`]: [`is not known to webhooks; there are ${KNOWN.join(', ')}`] });
  }
  const signing = given['signing_enabled'] ?? former['signing_enabled'] ?? false;
  if (typeof signing !== 'boolean') {
    throw invalidQuery({ 'attributes.signing_enabled': ['must be true or false'] });
  }
  // An empty text takes the template away.
  const template = given['template_id_notification'] ?? former['template_id_notification'] ?? '';
  const id = typeof template === 'string' ? parseUuid(template) : undefined;
  if (template !== '' && id === undefined) {
    throw invalidQuery({ 'attributes.template_id_notification': ['must be the id of a template, or empty for none'] });
  }
  return { signing_enabled: signing, ...(id !== undefined && { template_id_notification: hyphenated(id) }) };
}

/** As answers show them: without a template, the event is the body. */
export function viewWebhookAttributes(attributes: JsonObject): JsonObject {
  return { ...attributes, add_notification_payload: attributes['template_id_notification'] === undefined };
}
