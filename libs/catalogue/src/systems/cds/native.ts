import type { EventRows, NativeFormat } from '../../definition.js';
import { fieldReader, textOf, type FieldReader } from '../../fields.js';
import { NO_TIME, NO_TYPE, isTypeName, nativeId, rejected } from '../../native.js';
import { withNotes } from '../../native-notes.js';
import { arrivalTime, readNativeTime } from '../../native-time.js';
import { nativeSource } from '../../source.js';

export const TYPE_PREFIX = 'com.ovh.cds.';

/** What is known of an entity of which only the project is. */
export const UNDECLARED_SUBJECT = 'project_key';

/**
 * The flat JSON that CDS posts to a project's web hooks, one event a request.
 * @param rows the declared types, for what each is about
 */
export function cdsFormat(rows: EventRows): NativeFormat {
  const subjects = new Map<string, FieldReader>(
    Object.entries(rows).map(([type, row]) => [type, fieldReader(row.subject)]),
  );
  const undeclared = fieldReader(UNDECLARED_SUBJECT);
  return {
    read: (native, site, arrival) => {
      const { id, type, timestamp, ...data } = native;
      if (!isTypeName(type)) return rejected('type', 'type', NO_TYPE);
      // CDS never sends an event again, and one is in time where it has none.
      const read = isMissing(timestamp)
        ? arrivalTime('timestamp', arrival)
        : readNativeTime(timestamp, 'timestamp', arrival);
      if (read === undefined) return rejected('time', 'timestamp', NO_TIME);
      const subject = textOf((subjects.get(type) ?? undeclared)(data));
      const { time, note, extensions } = read;
      const event = {
        id: nativeId(id, [type, timestamp, data]),
        source: nativeSource('cds', site),
        type: TYPE_PREFIX + type,
        ...(subject !== undefined && { subject }),
        time,
        data,
        ...(extensions !== undefined && { extensions }),
      };
      return { event: withNotes(event, [note]) };
    },
    write: (event) => ({
      id: event.id,
      type: event.type.startsWith(TYPE_PREFIX) ? event.type.slice(TYPE_PREFIX.length) : event.type,
      ...event.data,
      timestamp: event.time,
    }),
  };
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
