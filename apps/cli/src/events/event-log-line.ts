import type { Colours } from '../output/printer.js';
import { isObject, textOf } from '../output/exact-json.js';
import { printable } from '../output/printable.js';
import { shortTime } from '../output/short-time.js';
import { memberAt, type CloudEvent } from './cloud-event.js';
import type { EventKnowledge } from './event-knowledge.js';

/** An event as a line of a log. */
interface LogRecord {
  readonly level: string;
  readonly message: string;
  readonly fields: readonly (readonly [name: string, value: unknown])[];
}

const LXD_LIFECYCLE = 'com.canonical.lxd.lifecycle.';
const LXD_OPERATION = 'com.canonical.lxd.operation';
const LXD_LOGGING = 'com.canonical.lxd.logging';

/** A value that needs no quotes in `name=value`. */
const BARE_VALUE = /^[\w.+:@/^-]+$/;
/** Where the fields begin on a terminal, as far as messages are shorter. */
const MESSAGE_WIDTH = 44;

/** How a line is written. */
export interface LogLineStyle {
  /** Aligned for a terminal; `name=value` otherwise. */
  readonly isPretty: boolean;
  /** LXD's events as `lxc monitor --pretty` prints them. */
  readonly isNative: boolean;
  readonly colours: Colours;
}

/** One event as a line of a log, with the message that the catalogue has for it. */
export function eventLogLine(
  event: CloudEvent,
  knowledge: EventKnowledge,
  { isPretty, isNative, colours }: LogLineStyle,
): string {
  const { level, message, fields } = recordOf(event, knowledge, isNative);
  const pairs = fields.map(([name, value]) => [name, quoted(textOf(value))] as const);
  if (!isPretty) {
    const all = [['time', quoted(event.time)], ['level', level], ['msg', quoted(message)], ...pairs] as const;
    return all.map(([name, value]) => `${name}=${value}`).join(' ');
  }
  const paint = level === 'error' ? colours.red : level === 'warning' ? colours.yellow : colours.cyan;
  const time = printable(isNative ? event.time : shortTime(event.time));
  const head = `${paint(level.toUpperCase().slice(0, 5).padEnd(5))} ${colours.dim(`[${time}]`)}`;
  const shown = isNative
    ? pairs
    : ([
        ['type', printable(knowledge.tell(event).name)],
        ['source', event.source],
      ] as const);
  const tail = shown.map(([name, value]) => `${colours.cyan(name)}=${printable(value)}`).join(' ');
  return `${head} ${printable(message).padEnd(MESSAGE_WIDTH)} ${tail}`.trimEnd();
}

function recordOf(event: CloudEvent, knowledge: EventKnowledge, isNative: boolean): LogRecord {
  const { type, data, subject } = event;
  const native = isNative ? lxdRecord(type, data) : undefined;
  if (native !== undefined) return native;
  const { message, outcome } = knowledge.tell(event);
  const fields = { type, source: event.source, ...(subject !== undefined && { subject }) };
  return { level: outcome === 'failed' ? 'error' : 'info', message, fields: Object.entries(fields) };
}

/** What LXD's own client prints; undefined for an event that is not LXD's. */
function lxdRecord(type: string, data: unknown): LogRecord | undefined {
  if (type.startsWith(LXD_LIFECYCLE)) {
    return { level: 'info', message: lifecycleMessage(data), fields: membersOf(data, 'context') };
  }
  if (type === LXD_OPERATION) {
    return { level: 'info', message: operationMessage(data), fields: operationFields(data) };
  }
  if (type !== LXD_LOGGING) return undefined;
  const level = textOf(memberAt(data, 'metadata', 'level')) || 'info';
  return { level, message: textOf(memberAt(data, 'metadata', 'message')), fields: membersOf(data, 'context') };
}

function lifecycleMessage(data: unknown): string {
  const at = (...path: readonly string[]): string => textOf(memberAt(data, 'metadata', ...path));
  const message = `Action: ${at('action')}, Source: ${at('source')}`;
  if (!isObject(memberAt(data, 'metadata', 'requestor'))) return message;
  const address = at('requestor', 'address');
  return `${message}, Requestor: ${at('requestor', 'protocol')}/${at('requestor', 'username')} (${address})`;
}

function operationMessage(data: unknown): string {
  const at = (name: string): string => textOf(memberAt(data, 'metadata', name));
  return `ID: ${at('id')}, Class: ${at('class')}, Description: ${at('description')}`;
}

const OPERATION_FIELDS = {
  CreatedAt: 'created_at',
  Err: 'err',
  Location: 'location',
  MayCancel: 'may_cancel',
  Metadata: 'metadata',
  Resources: 'resources',
  Status: 'status',
  StatusCode: 'status_code',
  UpdatedAt: 'updated_at',
} as const;

function operationFields(data: unknown): LogRecord['fields'] {
  return Object.entries(OPERATION_FIELDS).map(([name, member]) => [name, memberAt(data, 'metadata', member)]);
}

function membersOf(data: unknown, name: string): LogRecord['fields'] {
  const members = memberAt(data, 'metadata', name);
  return isObject(members) ? Object.entries(members) : [];
}

/** A value with a space or an equals sign in it could not be told from its neighbours. */
function quoted(value: string): string {
  const text = printable(value);
  return text === '' || BARE_VALUE.test(text) ? text : JSON.stringify(text);
}
