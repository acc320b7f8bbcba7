import { contentId, type JsonObject } from '@tidings/catalogue';
import type { EventAttributes } from '@tidings/transport';
import { MEMBERS_EXTENSION, unpackedMembers } from './sent-members.js';

/** The extension that names the API source through which an event was sent. */
export const API_SOURCE_EXTENSION = 'ibmensourceid';
/** Ends what stands before the sender's id. */
const SEPARATOR = '/';
/** Begins the digest of the content; ids that were given out before there was one have none. */
const DIGEST_MARK = ':';
const DIGEST_DIGITS = 16;
const DIGEST = new RegExp(`^[0-9a-f]{${DIGEST_DIGITS}}${SEPARATOR}`);

/**
 * The id that an event which is sent through the API has on the bus. Its source is the sender's to choose: were the id,
 * too, then one instance could take the identity of another's event, and with it the event's place. And senders use one
 * id for several events, as IBM's own examples do: so the content is a part of it. The same sent twice is one event.
 * @param content the same text for the same content
 */
export function busId(sourceId: string, id: string, content: string): string {
  return `${sourceId}${DIGEST_MARK}${contentId(content).slice(0, DIGEST_DIGITS)}${SEPARATOR}${id}`;
}

/** An event's attributes as its sender wrote them. */
export interface SenderView {
  readonly attributes: EventAttributes;
  /** What the sender wrote beside the attributes. */
  readonly members: JsonObject;
}

/** @param form of the members: `exact` for writing them, `plain` for reading them */
export function senderView(attributes: EventAttributes, form: 'exact' | 'plain'): SenderView {
  const { extensions } = attributes;
  const id = sentId(attributes.id, extensions?.[API_SOURCE_EXTENSION]);
  const members = unpackedMembers(extensions?.[MEMBERS_EXTENSION], form);
  if (members === undefined)
    return { attributes: id === attributes.id ? attributes : { ...attributes, id }, members: {} };
  const others = { ...extensions };
  delete others[MEMBERS_EXTENSION];
  return { attributes: { ...attributes, id, extensions: others }, members };
}

/** A whole event as its sender wrote it. @param event in structured JSON, as the store has it */
export function sentEvent(event: JsonObject): JsonObject {
  const { id, [MEMBERS_EXTENSION]: packed, ...others } = event;
  if (typeof id !== 'string') return event;
  const own = { id: sentId(id, event[API_SOURCE_EXTENSION]), ...others };
  const members = unpackedMembers(packed, 'plain');
  if (members !== undefined) return { ...members, ...own };
  return packed === undefined ? own : { ...own, [MEMBERS_EXTENSION]: packed };
}

function sentId(id: string, sourceId: unknown): string {
  if (typeof sourceId !== 'string' || !id.startsWith(sourceId)) return id;
  const rest = id.slice(sourceId.length);
  if (rest.startsWith(SEPARATOR)) return rest.slice(SEPARATOR.length);
  const named = rest.startsWith(DIGEST_MARK) ? rest.slice(DIGEST_MARK.length) : '';
  return DIGEST.test(named) ? named.slice(DIGEST_DIGITS + SEPARATOR.length) : id;
}
