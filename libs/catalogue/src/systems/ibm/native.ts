import type { NativeFormat, NativeReading } from '../../definition.js';
import { ARRIVAL_TIME_EXTENSION, type LifecycleEvent } from '../../envelope.js';
import { fieldReader, textOf } from '../../fields.js';
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '../../json.js';
import { NO_TIME, NO_TYPE, isTypeName, nativeId, rejected } from '../../native.js';
import { isNotesExtension, withNotes } from '../../native-notes.js';
import { readNativeTime, type NativeTime } from '../../native-time.js';
import { nativeSource } from '../../source.js';
import { TYPE_PREFIX, keyOfInner } from './names.js';

/** Where the entity acted on is. */
export const SUBJECT = 'event_properties.crn';

/** The source that IBM's own CloudEvent names (a CRN); ours is `/ibm/<site>` in both forms. */
const SOURCE_EXTENSION = 'ibmsource';
/** JSON text of those attributes of IBM's CloudEvent that an event cannot carry as they are, `notification_id` above all. */
const ENVELOPE_EXTENSION = 'ibmenvelope';

const readSubject = fieldReader(SUBJECT);

/**
 * IBM Cloud's events come wrapped in a CloudEvent, as a webhook of Event Notifications sends them, or bare, as its
 * documentation prints them. Both are one event: id, time and subject are taken from the inside, where both have them,
 * and everything that only the wrapped form says is kept in extensions.
 */
export const ibmFormat: NativeFormat = {
  read: (native, site, arrival) =>
    typeof native['specversion'] === 'string' ? readWrapped(native, site, arrival) : readBare(native, site, arrival),
  write: (event) => {
    const ibmSource = event.extensions?.[SOURCE_EXTENSION];
    if (ibmSource === undefined) return event.data;
    const kept = event.extensions?.[ENVELOPE_EXTENSION];
    const envelope = kept === undefined ? undefined : parseJson(kept).exact;
    return {
      ...attributesOf(event, ibmSource),
      ...plainExtensions(event.extensions),
      ...(isJsonObject(envelope) ? envelope : {}),
      data: event.data,
    };
  },
};

function readBare(native: JsonObject, site: string, arrival?: bigint): NativeReading {
  const inner = native['event_type'];
  if (!isTypeName(inner)) return rejected('type', 'event_type', NO_TYPE);
  const time = readNativeTime(native['timestamp'], 'timestamp', arrival);
  if (time === undefined) return rejected('time', 'timestamp', NO_TIME);
  const said = { type: TYPE_PREFIX + keyOfInner(inner), time, timestamp: native['timestamp'], id: native['event_id'] };
  return { event: eventOf(said, native, site) };
}

function readWrapped(native: JsonObject, site: string, arrival?: bigint): NativeReading {
  const { type, data } = native;
  if (!isTypeName(type)) return rejected('type', 'type', NO_TYPE);
  if (!isJsonObject(data)) return rejected('shape', 'data', 'must be a JSON object');
  const times = [
    ['data.timestamp', data['timestamp']],
    ['time', native['time']],
  ] as const;
  const read = times.map(([field, timestamp]) => ({ timestamp, time: readNativeTime(timestamp, field, arrival) }));
  // A time that is as it should be comes first, wherever it is.
  const best = read.find(({ time }) => time !== undefined && time.note === undefined) ?? read.find(({ time }) => time);
  if (best?.time === undefined) return rejected('time', 'time', NO_TIME);
  const { time, timestamp } = best;
  const inside = eventOf({ type: spelled(type), time, timestamp, id: data['event_id'] ?? native['id'] }, data, site);
  // Events of IBM's other sources have their entity in the wrapper only, and no bare form to agree with.
  const outside = inside.subject === undefined && !type.startsWith(TYPE_PREFIX) ? textOf(native['subject']) : undefined;
  const event = outside === undefined ? inside : { ...inside, subject: outside };
  return { event: { ...event, extensions: { ...event.extensions, ...extensionsOf(native, event) } } };
}

/** The family of a type's name in small letters, as the catalogue has it: IBM writes `Resource_group:create`, too. */
function spelled(type: string): string {
  return type.startsWith(TYPE_PREFIX) ? TYPE_PREFIX + keyOfInner(type.slice(TYPE_PREFIX.length)) : type;
}

/** What an event says of itself, wherever it says it. */
interface Said {
  readonly type: string;
  readonly time: NativeTime;
  /** The time as it came. */
  readonly timestamp: unknown;
  readonly id: unknown;
}

function eventOf(
  { type, time: read, timestamp, id }: Said,
  data: JsonObject,
  site: string,
): LifecycleEvent<JsonObject> {
  const subject = textOf(readSubject(data));
  const { time, note, extensions } = read;
  const event = {
    id: nativeId(id, [type, timestamp, data]),
    source: nativeSource('ibm', site),
    type,
    ...(subject !== undefined && { subject }),
    time,
    data,
    ...(extensions !== undefined && { extensions }),
  };
  return withNotes(event, [note]);
}

/** The attributes of IBM's CloudEvent that follow from the event itself. */
function attributesOf(event: LifecycleEvent<JsonObject>, source: string): JsonObject {
  return {
    specversion: '1.0',
    id: event.id,
    source,
    type: event.type,
    time: event.time,
    datacontenttype: 'application/json',
    ...(event.subject !== undefined && { subject: event.subject }),
  };
}

// CloudEvents names extensions in lower-case letters and digits; IBM does not keep to it.
const EXTENSION_NAME = /^[a-z0-9]{1,64}$/;

function extensionsOf(native: JsonObject, event: LifecycleEvent<JsonObject>): Readonly<Record<string, string>> {
  const source = native['source'];
  const ibmSource = typeof source === 'string' ? source : '';
  const said = attributesOf(event, ibmSource);
  const extensions: Record<string, string> = {};
  const envelope: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(native)) {
    if (name === 'data' || (Object.hasOwn(said, name) && said[name] === value)) continue;
    if (typeof value === 'string' && isPlain(value) && isPlainExtension(name) && !Object.hasOwn(said, name))
      extensions[name] = value;
    else envelope[name] = value;
  }
  extensions[SOURCE_EXTENSION] = ibmSource;
  if (Object.keys(envelope).length > 0) extensions[ENVELOPE_EXTENSION] = stringifyJson(envelope);
  return extensions;
}

function plainExtensions(extensions: Readonly<Record<string, string>> = {}): JsonObject {
  return Object.fromEntries(Object.entries(extensions).filter(([name]) => isPlainExtension(name)));
}

// `subject` and `dataschema` are attributes of their own on the bus, so a foreign one must not pass for an extension.
const OWN_NAMES = new Set([
  SOURCE_EXTENSION,
  ENVELOPE_EXTENSION,
  ARRIVAL_TIME_EXTENSION,
  'subject',
  'dataschema',
  'database64',
]);

function isPlainExtension(name: string): boolean {
  return EXTENSION_NAME.test(name) && !OWN_NAMES.has(name) && !isNotesExtension(name);
}

/** Attributes have no control characters; JSON text has them escaped. */
function isPlain(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text);
}
