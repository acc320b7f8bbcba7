import { isJsonObject, type JsonObject } from '@tidings/catalogue';
import { MemberReader, present } from '../member-reader.js';
import { templateChoice } from '../template-choice.js';

const MEMBERS = [
  'invited',
  'subscribed',
  'unsubscribed',
  'add_notification_payload',
  'reply_to_mail',
  'reply_to_name',
  'from_name',
  'from_email',
  'template_id_notification',
  'template_id_invitation',
] as const;

/** What the mail systems of this world agree on; the rest is for the server to say. */
const ADDRESS = /^[^\s@"(),:;<>[\]\\\p{Cc}]{1,64}@[A-Za-z0-9.-]{1,253}$/u;
/** Empty as IBM's clients send it: none. */
const MAIL = { pattern: new RegExp(`^$|${ADDRESS.source}`, 'u'), must: 'an e-mail address, or empty for none' };
const NAME = { pattern: /^[^\p{Cc}]{0,255}$/u, must: 'a name of up to 255 characters on one line' };
const MAX_RECIPIENTS = 1_000;
const MAX_SHOWN = 100;

/**
 * Reads a subscription's attributes. Whom an admin invites is subscribed at once: there is no confirmation mail. On a
 * change IBM's clients send `{"invited": {"add": […]}, "subscribed": {"remove": […]}}`.
 * @throws {DomainError} `invalid_query` naming the field
 */
export function readSmtpAttributes(attributes: unknown, former?: JsonObject): JsonObject {
  const reader = new MemberReader(attributes, 'attributes', MEMBERS, { ...former, invited: undefined });
  const given = isJsonObject(attributes) ? attributes : {};
  const kept = (former?.['subscribed'] as readonly string[] | undefined) ?? [];
  const added = listOf(reader, 'invited', given['invited'], 'add');
  const removed = new Set([
    ...listOf(reader, 'invited', given['invited'], 'remove'),
    ...listOf(reader, 'subscribed', given['subscribed'], 'remove'),
  ]);
  const subscribed = [...new Set([...kept, ...added])].filter((address) => !removed.has(address));
  if (subscribed.length > MAX_RECIPIENTS) {
    reader.wrong(
      'invited',
      `makes more than ${MAX_RECIPIENTS} recipients; use several subscriptions, or a mailing list`,
    );
  }
  if (former === undefined && subscribed.length === 0) {
    reader.wrong('invited', 'is required: the e-mail addresses that get the mail');
  }
  const read = present({
    subscribed,
    add_notification_payload: reader.flag('add_notification_payload') ?? true,
    reply_to_mail: reader.text('reply_to_mail', MAIL),
    reply_to_name: reader.text('reply_to_name', NAME),
    from_name: reader.text('from_name', NAME),
    from_email: reader.text('from_email', MAIL),
    template_id_notification: templateChoice(reader, 'template_id_notification'),
    template_id_invitation: templateChoice(reader, 'template_id_invitation'),
  });
  reader.end();
  return read;
}

/**
 * As answers show them: each recipient is an object, and what IBM's clients cannot read an answer without is there. Whom an
 * admin invited is both invited and subscribed, so that a client that compares finds what it asked for.
 */
export function viewSmtpAttributes(attributes: JsonObject): JsonObject {
  const addresses = (attributes['subscribed'] as readonly string[] | undefined) ?? [];
  const recipients = addresses.map((email) => ({ email }));
  return {
    add_notification_payload: true,
    ...Object.fromEntries(['reply_to_mail', 'reply_to_name', 'from_name', 'from_email'].map((name) => [name, ''])),
    ...attributes,
    invited: recipients,
    subscribed: recipients,
    unsubscribed: [],
  };
}

/** @returns the addresses of an array, which adds, or of the list that an object has under `name` */
function listOf(reader: MemberReader, field: string, given: unknown, name: 'add' | 'remove'): readonly string[] {
  if (given === undefined || given === null) return [];
  const list = isJsonObject(given) ? (given[name] ?? []) : name === 'add' ? given : [];
  if (!Array.isArray(list)) {
    reader.wrong(field, 'must be an array of e-mail addresses, or an object with add and remove');
    return [];
  }
  // As answers show them, they may come back.
  const addresses: readonly unknown[] = list.map((entry: unknown) => (isJsonObject(entry) ? entry['email'] : entry));
  const wrong = addresses.findIndex((address) => typeof address !== 'string' || !ADDRESS.test(address));
  if (wrong >= 0) reader.wrong(field, `has ${shown(addresses[wrong])}, which is no e-mail address`);
  return addresses.filter((address) => typeof address === 'string');
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, MAX_SHOWN);
}
