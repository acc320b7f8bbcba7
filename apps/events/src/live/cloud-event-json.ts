import type { LiveEvent } from './live-events.js';

/**
 * An event in the JSON format of CloudEvents, on one line. The payload's own text is passed on, so its numbers are as
 * exact as they came.
 */
export function cloudEventJson(event: LiveEvent): string {
  const attributes = {
    specversion: '1.0',
    id: event.eventId,
    source: event.source,
    type: event.type,
    ...(event.subject !== undefined && { subject: event.subject }),
    time: event.time,
    datacontenttype: 'application/json',
    ...(event.attributes !== undefined && (JSON.parse(event.attributes) as object)),
  };
  // Line breaks stand between the tokens of JSON only: within its texts they are escaped.
  return `${JSON.stringify(attributes).slice(0, -1)},"data":${event.data.replace(/[\r\n]+/g, ' ')}}`;
}
