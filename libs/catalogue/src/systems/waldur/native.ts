import type { EventDefinition, EventRows, NativeFormat } from '../../definition.js';
import type { Problem } from '../../envelope.js';
import { fieldReader, textOf } from '../../fields.js';
import { contentId } from '../../identity.js';
import { canonicalJson, isJsonObject, parseJson, type JsonObject } from '../../json.js';
import { NO_TYPE, isTypeName, rejected } from '../../native.js';
import { withNotes } from '../../native-notes.js';
import { readNativeTime } from '../../native-time.js';
import { nativeSource } from '../../source.js';
import { formatTime, parseTime } from '../../time.js';

/** What the names of all of Waldur's types begin with on the bus. */
export const WALDUR_PREFIX = 'com.waldur.';

const NO_CREATED = 'must be an RFC 3339 date-time with a zone, such as 2026-11-02T08:01:53.204968Z';

/**
 * Waldur's event as its web hook sends it: `created`, `message`, `context`, `event_type`. Its events API gives the same
 * with a `uuid`, and newer versions with more; of the envelope only those four are kept, because the same event must be
 * the same whichever way it came. The hook gives no id, so the id is derived from what the event says.
 * @param events the declared types, by their native names
 * @param undeclared how to read and say the others
 */
export function waldurFormat(
  events: EventRows,
  undeclared: Pick<EventDefinition<object>, 'subject' | 'message'>,
): NativeFormat {
  const subjects = new Map(Object.entries(events).map(([type, row]) => [type, fieldReader(row.subject)]));
  const undeclaredSubject = fieldReader(undeclared.subject);
  return {
    read: (native, site, arrival) => {
      const { type, created, createdIn, shape } = envelopeOf(native);
      if (!isTypeName(type)) return rejected('type', 'event_type', NO_TYPE);
      const read = readNativeTime(created, createdIn, arrival);
      const micros = read === undefined ? undefined : parseTime(read.time);
      if (read === undefined || micros === undefined) return rejected('time', 'created', NO_CREATED);
      const { message } = native;
      const { context, asSent, note: lost } = contextOf(native, shape !== undefined);
      const data = {
        ...(message !== undefined && message !== null && { message }),
        context,
        ...(asSent !== undefined && { context_as_sent: asSent }),
      };
      const subject = textOf((subjects.get(type) ?? undeclaredSubject)(data));
      // An event without a time of its own is the same whenever it comes.
      const at = read.extensions === undefined ? formatTime(micros) : created;
      const content = [type, at, message ?? null, context, ...(asSent === undefined ? [] : [asSent])];
      const event = {
        id: contentId(canonicalJson(content)),
        source: nativeSource('waldur', site),
        type: WALDUR_PREFIX + type,
        ...(subject !== undefined && { subject }),
        time: read.time,
        data,
        ...(read.extensions !== undefined && { extensions: read.extensions }),
      };
      return { event: withNotes(event, [shape, read.note, lost]) };
    },
    write: (event) => {
      const type = event.type.startsWith(WALDUR_PREFIX) ? event.type.slice(WALDUR_PREFIX.length) : event.type;
      const declared = Object.hasOwn(events, type) ? events[type] : undefined;
      const { message, context } = event.data;
      return {
        created: event.time,
        // Whoever takes Waldur's hooks counts on a message.
        message: message ?? (declared ?? undeclared).message(event.data),
        context: isJsonObject(context) ? context : {},
        event_type: type,
      };
    },
  };
}

interface Envelope {
  readonly type: unknown;
  readonly created: unknown;
  /** Where the time stands. */
  readonly createdIn: string;
  /** Said of an older shape. */
  readonly shape: Problem | undefined;
}

/** Older versions call the members of the envelope by other names. */
function envelopeOf(native: JsonObject): Envelope {
  const { event_type: type, created } = native;
  const older = ['timestamp', '@timestamp'].find((name) => native[name] !== undefined && native[name] !== null);
  const isCurrent = type !== undefined && (created !== undefined || older === undefined);
  if (isCurrent || older === undefined) return { type, created, createdIn: 'created', shape: undefined };
  const problem = 'has the shape of an older Waldur; newer ones say created, message, context and event_type';
  return { type: type ?? native['type'], created: native[older], createdIn: older, shape: { field: '', problem } };
}

/** Members of the older envelope; what else there is describes the event, as the context does now. */
const OLDER_MEMBERS = new Set([
  ...['created', 'timestamp', '@timestamp', 'type', 'event_type', 'message', 'context', 'level', 'levelname'],
  ...['uuid', 'importance', 'importance_code', '@version', 'host', 'logger', 'tags'],
]);

interface ContextReading {
  readonly context: JsonObject;
  /** What came instead of a context. */
  readonly asSent?: unknown;
  readonly note?: Problem;
}

const LOST_CONTEXT: Problem = {
  field: 'context',
  problem: 'must be a JSON object, or text that holds one; it is kept as context_as_sent',
};

/** A hook of the kind `form` has its context as text, or loses it but for the names; an event about nothing has none. */
function contextOf(native: JsonObject, isOlder: boolean): ContextReading {
  const { context } = native;
  if (context === undefined && isOlder) {
    return { context: Object.fromEntries(Object.entries(native).filter(([name]) => !OLDER_MEMBERS.has(name))) };
  }
  if (context === undefined || context === null) return { context: {} };
  if (isJsonObject(context)) return { context };
  const told = (Array.isArray(context) ? (context as unknown[]) : [context]).map(objectIn).findLast((one) => one);
  if (told === undefined) return { context: {}, asSent: context, note: LOST_CONTEXT };
  if (typeof context === 'string') return { context: told };
  return { context: told, asSent: context, note: { ...LOST_CONTEXT, problem: 'came several times; the last counts' } };
}

function objectIn(context: unknown): JsonObject | undefined {
  if (typeof context !== 'string') return undefined;
  try {
    // In brackets it is as deep as it will lie in the event, so what is too deep for that is found here.
    const { exact } = parseJson(`[${context}]`);
    const [only, ...others] = exact as readonly unknown[];
    return isJsonObject(only) && others.length === 0 ? only : undefined;
  } catch {
    return undefined;
  }
}
