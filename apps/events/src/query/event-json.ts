import { formatTime, OUTCOMES, timeOfUuid } from '@tidings/catalogue';
import { cloudEventJson } from './cloud-event-json.js';
import type { StoredEvent } from './event.repository.js';
import { jsonMember } from './json-member.js';

/** What an event shows of itself unless told otherwise, in this order. */
export const EVENT_FIELDS = ['uuid', 'created', 'event_type', 'message', 'context'] as const;

/** What it shows only when asked for: Waldur's events do not have it. */
export const MORE_FIELDS = [
  'system',
  'type',
  'source',
  'site',
  'id',
  'subject',
  'outcome',
  'conforming',
  'cloudevent',
] as const;

const ALL_FIELDS = [...EVENT_FIELDS, ...MORE_FIELDS];
export type ShownField = (typeof ALL_FIELDS)[number];

/** What has to be known of an event's type to show the event. */
export interface ShownType {
  readonly system: string;
  /** The full name. */
  readonly type: string;
  readonly nativeType: string;
  /** Which member of the payload is the context; the whole payload without it. */
  readonly contextField: string | undefined;
}

/** @param names as asked for; unknown ones are passed over, and when none is left, Waldur's are meant */
export function shownFieldsNamed(names: readonly string[] | undefined): readonly ShownField[] {
  const fields = ALL_FIELDS.filter((field) => names?.includes(field));
  return fields.length === 0 ? EVENT_FIELDS : fields;
}

/** What has to be known of an event's source to show the event. */
export interface ShownSource {
  readonly source: string;
  readonly site: string;
}

/** An event as JSON text. The payload's own text is passed on, so its numbers are as exact as they came. */
export function eventJson(
  event: StoredEvent,
  type: ShownType,
  source: ShownSource,
  fields: readonly ShownField[],
): string {
  return `{${fields.map((field) => `"${field}":${valueOf(field, event, type, source)}`).join(',')}}`;
}

function valueOf(field: ShownField, event: StoredEvent, type: ShownType, source: ShownSource): string {
  const { nativeType, contextField } = type;
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
    case 'system':
      return JSON.stringify(type.system);
    case 'type':
      return JSON.stringify(type.type);
    case 'source':
      return JSON.stringify(source.source);
    case 'site':
      return JSON.stringify(source.site);
    case 'id':
      return JSON.stringify(event.eventId);
    case 'subject':
      return JSON.stringify(event.subject);
    case 'outcome':
      return JSON.stringify(event.outcome === null ? null : (OUTCOMES[event.outcome] ?? null));
    case 'conforming':
      return String(event.conforming);
    case 'cloudevent':
      return cloudEventText(event, type, source);
  }
}

function cloudEventText(event: StoredEvent, { type }: ShownType, { source }: ShownSource): string {
  return cloudEventJson({
    ...event,
    source,
    type,
    subject: event.subject ?? undefined,
    time: formatTime(timeOfUuid(event.id)),
    attributes: event.attributes ?? undefined,
  });
}

/** Clients rely on the context being an object: nothing becomes an empty one, and anything else is put into one. */
function contextObject(json: string | undefined, name: string): string {
  const text = json?.trim();
  if (text === undefined || text === 'null') return '{}';
  return text.startsWith('{') ? text : `{${JSON.stringify(name)}:${text}}`;
}
