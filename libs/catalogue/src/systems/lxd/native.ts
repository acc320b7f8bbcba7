import type { NativeFormat, NativeReading } from '../../definition.js';
import { fieldReader, textOf } from '../../fields.js';
import { isJsonObject, type JsonObject } from '../../json.js';
import { NO_TIME, NO_TYPE, isTypeName, nativeId, rejected } from '../../native.js';
import { withNotes } from '../../native-notes.js';
import { readNativeTime, type NativeTime } from '../../native-time.js';
import { nativeSource } from '../../source.js';
import { LIFECYCLE_SUBJECT } from './rows.js';

export const TYPE_PREFIX = 'com.canonical.lxd.';

const LIFECYCLE = 'lifecycle';
const LIFECYCLE_KEY = `${LIFECYCLE}.`;

/** The address that life-cycle events about an operation have, so that all about it keeps its order. */
export const OPERATION_SUBJECT = '/1.0/operations/{metadata.id}';
export const LOGGING_SUBJECT = 'location';

const SUBJECTS: ReadonlyMap<string, ReturnType<typeof fieldReader>> = new Map([
  [LIFECYCLE, fieldReader(LIFECYCLE_SUBJECT)],
  ['operation', fieldReader(OPERATION_SUBJECT)],
]);
const readLocation = fieldReader(LOGGING_SUBJECT);

/** What LXD itself calls a type, by its key: `lifecycle.instance-created` → `instance-created`. */
export function nativeTypeOf(key: string): string {
  return key.startsWith(LIFECYCLE_KEY) ? key.slice(LIFECYCLE_KEY.length) : key;
}

/** The events of LXD's `/1.0/events`, one a WebSocket message. They have no id, so theirs comes from what they say. */
export const lxdFormat: NativeFormat = {
  read: (native, site, arrival) => {
    const { type, timestamp, ...data } = native;
    if (!isTypeName(type)) return rejected('type', 'type', NO_TYPE);
    const time = readNativeTime(timestamp, 'timestamp', arrival);
    if (time === undefined) return rejected('time', 'timestamp', NO_TIME);
    const told: Told = { timestamp, time, data, site };
    return type === LIFECYCLE ? readLifecycle(told) : eventOf(type, type, told);
  },
  write: (event) => {
    const key = event.type.startsWith(TYPE_PREFIX) ? event.type.slice(TYPE_PREFIX.length) : event.type;
    return { type: key.startsWith(LIFECYCLE_KEY) ? LIFECYCLE : key, timestamp: event.time, ...event.data };
  },
};

/** An event's envelope as it came, and its time as it was read. */
interface Told {
  readonly timestamp: unknown;
  readonly time: NativeTime;
  readonly data: JsonObject;
  readonly site: string;
}

function readLifecycle(told: Told): NativeReading {
  const metadata = told.data['metadata'];
  const action = isJsonObject(metadata) ? metadata['action'] : undefined;
  if (!isTypeName(action)) return rejected('type', 'metadata.action', NO_TYPE);
  return eventOf(LIFECYCLE_KEY + action, LIFECYCLE, told);
}

function eventOf(key: string, nativeType: string, { timestamp, time: read, data, site }: Told): NativeReading {
  const subject = textOf((SUBJECTS.get(nativeType) ?? readLocation)(data));
  const { location, project, metadata, ...more } = data;
  const { time, note, extensions } = read;
  const event = {
    // Whatever else a newer server says counts as well, or two events that differ only there would be one.
    id: nativeId(undefined, [nativeType, timestamp, location, project, metadata, ...(isEmpty(more) ? [] : [more])]),
    source: nativeSource('lxd', site),
    type: TYPE_PREFIX + key,
    ...(subject !== undefined && { subject }),
    time,
    data,
    ...(extensions !== undefined && { extensions }),
  };
  return { event: withNotes(event, [note]) };
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
