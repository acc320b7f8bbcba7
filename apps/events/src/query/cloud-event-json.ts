/** As much of an event as its CloudEvent says. */
export interface CloudEventParts {
  readonly eventId: string;
  readonly source: string;
  /** The full name. */
  readonly type: string;
  readonly subject: string | undefined;
  /** RFC 3339. */
  readonly time: string;
  /** The payload's JSON text. */
  readonly data: string;
  /** Further attributes as JSON text, and the time where it was finer; undefined: there are none. */
  readonly attributes: string | undefined;
}

/**
 * An event in the JSON format of CloudEvents, on one line. The payload's own text is passed on, so its numbers are as
 * exact as they came.
 */
export function cloudEventJson(event: CloudEventParts): string {
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
