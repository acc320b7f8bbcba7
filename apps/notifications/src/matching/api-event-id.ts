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
  const sourceId = attributes.extensions?.[API_SOURCE_EXTENSION];
  if (sourceId === undefined) return attributes;
  const prefix = busId(sourceId, '');
  return attributes.id.startsWith(prefix) ? { ...attributes, id: attributes.id.slice(prefix.length) } : attributes;
}
