/** The HTTP and Kafka header by which a delivery says how many deliveries have led to it. */
export const HOPS_HEADER = 'tidings-hops';
/** The same as a CloudEvents extension: an event that came in again is kept with it. */
export const HOPS_EXTENSION = 'tidingshops';

/** How many deliveries an event has been through. @param value of the header or the extension; anything else counts as none */
export function hopsOf(value: unknown): number {
  const hops = typeof value === 'string' || typeof value === 'number' ? Number(value) : 0;
  return Number.isSafeInteger(hops) && hops > 0 ? hops : 0;
}
