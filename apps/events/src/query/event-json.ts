import { formatTime, timeOfUuid } from '@tidings/catalogue';
import type { StoredEvent } from './event.repository.js';
import { jsonMember } from './json-member.js';

/** What an event shows of itself, in this order. */
export const EVENT_FIELDS = ['uuid', 'created', 'event_type', 'message', 'context'] as const;
export type EventField = (typeof EVENT_FIELDS)[number];

/** What has to be known of an event's type to show the event. */
export interface ShownType {
  readonly nativeType: string;
  /** Which member of the payload is the context; the whole payload without it. */
  readonly contextField: string | undefined;
}

/** @param names as asked for; unknown ones are passed over, and when none is left, all fields are meant */
export function fieldsNamed(names: readonly string[] | undefined): readonly EventField[] {
  const fields = EVENT_FIELDS.filter((field) => names?.includes(field));
  return fields.length === 0 ? EVENT_FIELDS : fields;
}

/** An event as JSON text. The payload's own text is passed on, so its numbers are as exact as they came. */
export function eventJson(event: StoredEvent, type: ShownType, fields: readonly EventField[]): string {
  return `{${fields.map((field) => `"${field}":${valueOf(field, event, type)}`).join(',')}}`;
}

function valueOf(field: EventField, event: StoredEvent, { nativeType, contextField }: ShownType): string {
  switch (field) {
    case 'uuid':
      return `"${event.id}"`;
    case 'created':
      return `"${formatTime(timeOfUuid(event.id))}"`;
    case 'event_type':
      return JSON.stringify(nativeType);
    case 'message':
      return JSON.stringify(event.message);
    case 'context':
      return contextField === undefined
        ? contextObject(event.data, 'data')
        : contextObject(jsonMember(event.data, contextField), contextField);
  }
}

/** Clients rely on the context being an object: nothing becomes an empty one, and anything else is put into one. */
function contextObject(json: string | undefined, name: string): string {
  const text = json?.trim();
  if (text === undefined || text === 'null') return '{}';
  return text.startsWith('{') ? text : `{${JSON.stringify(name)}:${text}}`;
}
