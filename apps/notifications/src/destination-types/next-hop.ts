import { HOPS_EXTENSION, hopsOf, isJsonObject } from '@tidings/catalogue';

/**
 * What a delivery says of the deliveries that have led to it, this one included: an event that comes in again counts it,
 * so that no two destinations send events to each other for ever.
 * @param eventText a CloudEvent in structured JSON
 */
export function nextHop(eventText: string): number {
  // Parsing every event would cost more than sending it, and next to none has come in before.
  if (!eventText.includes(`"${HOPS_EXTENSION}"`)) return 1;
  const event: unknown = JSON.parse(eventText);
  return 1 + hopsOf(isJsonObject(event) ? event[HOPS_EXTENSION] : undefined);
}
