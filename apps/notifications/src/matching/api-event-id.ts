import type { JsonObject } from '@tidings/catalogue';
import type { EventAttributes } from '@tidings/transport';

/** The extension that names the API source through which an event was sent. */
export const API_SOURCE_EXTENSION = 'ibmensourceid';
const SEPARATOR = '/';

/**
 * The id that an event which is sent through the API has on the bus. Its source is the sender's to choose: were the id,
 * too, then one instance could take the identity of another's event, and with it the event's place.
 */
export function busId(sourceId: string, id: string): string {
  return `${sourceId}${SEPARATOR}${id}`;
}

/** An event's attributes as its sender wrote them. */
export function sentAttributes(attributes: EventAttributes): EventAttributes {
  const id = sentId(attributes.id, attributes.extensions?.[API_SOURCE_EXTENSION]);
  return id === attributes.id ? attributes : { ...attributes, id };
}

/** A whole event as its sender wrote it. @param event in structured JSON, as the store has it */
export function sentEvent(event: JsonObject): JsonObject {
  const { id } = event;
  if (typeof id !== 'string') return event;
  const sent = sentId(id, event[API_SOURCE_EXTENSION]);
  return sent === id ? event : { ...event, id: sent };
}

function sentId(id: string, sourceId: unknown): string {
  if (typeof sourceId !== 'string') return id;
  const prefix = busId(sourceId, '');
  return id.startsWith(prefix) ? id.slice(prefix.length) : id;
}
