import type { EventDefinition, EventRows, NativeFormat } from '../../definition.js';
import { fieldReader, textOf } from '../../fields.js';
import { contentId } from '../../identity.js';
import { canonicalJson, isJsonObject, parseJson, type JsonObject } from '../../json.js';
import { NO_TYPE, isTypeName, rejected } from '../../native.js';
import { nativeSource } from '../../source.js';
import { formatTime, parseTime } from '../../time.js';

/** What the names of all of Waldur's types begin with on the bus. */
export const WALDUR_PREFIX = 'com.waldur.';

const NO_CREATED = 'must be an RFC 3339 date-time with a zone, such as 2026-11-02T08:01:53.204968Z';
const NO_CONTEXT = 'must be a JSON object, or text that holds one';

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
    read: (native, site) => {
      const { event_type: type, created, message } = native;
      if (!isTypeName(type)) return rejected('type', 'event_type', NO_TYPE);
      const micros = typeof created === 'string' ? parseTime(created) : undefined;
      if (typeof created !== 'string' || micros === undefined) return rejected('time', 'created', NO_CREATED);
      const context = contextOf(native['context']);
      if (context === undefined) return rejected('shape', 'context', NO_CONTEXT);
      const data = message === undefined || message === null ? { context } : { message, context };
      const subject = textOf((subjects.get(type) ?? undeclaredSubject)(data));
      return {
        event: {
          id: contentId(canonicalJson([type, formatTime(micros), message ?? null, context])),
          source: nativeSource('waldur', site),
          type: WALDUR_PREFIX + type,
          ...(subject !== undefined && { subject }),
          time: created,
          data,
        },
      };
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

/** A hook of the kind `form` has its context as text; an event about nothing has none. */
function contextOf(context: unknown): JsonObject | undefined {
  if (context === undefined || context === null) return {};
  if (isJsonObject(context)) return context;
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
