import type { EventAttributes } from '@tidings/catalogue';

const MICROSECOND_DIGITS = 6;

/**
 * JSON text of the attributes that have no column: a time finer than microseconds, a dataschema that is not the type's
 * own, and extensions.
 * @returns undefined when there are none
 */
export function storedAttributes(event: EventAttributes, dataschema: string | undefined): string | undefined {
  const finer = fractionDigits(event.time) > MICROSECOND_DIGITS;
  const otherSchema = event.dataschema !== undefined && event.dataschema !== dataschema;
  if (!finer && !otherSchema && event.extensions === undefined) return undefined;
  const attributes = {
    ...(finer && { time: event.time }),
    ...(otherSchema && { dataschema: event.dataschema }),
    ...event.extensions,
  };
  return Object.keys(attributes).length === 0 ? undefined : JSON.stringify(attributes);
}

function fractionDigits(time: string): number {
  const point = time.indexOf('.');
  if (point < 0) return 0;
  let end = point + 1;
  while (end < time.length && time.charCodeAt(end) >= 48 && time.charCodeAt(end) <= 57) end += 1;
  return end - point - 1;
}
