import type { Printer } from '../output/printer.js';
import { isObject, textOf } from '../output/exact-json.js';
import { printable } from '../output/printable.js';
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

/**
 * One event as `lxc monitor --pretty` prints it: of LXD's events the same words, of others the message that the
 * catalogue has for them. Coloured and aligned on a terminal, `name=value` elsewhere.
 */
export function eventLogLine(
  event: CloudEvent,
  knowledge: EventKnowledge,
  { colours, isTerminal }: Pick<Printer, 'colours' | 'isTerminal'>,
): string {
  const { level, message, fields } = recordOf(event, knowledge);
  const pairs = fields.map(([name, value]) => [name, quoted(textOf(value))] as const);
  if (!isTerminal) {
    const all = [['time', quoted(event.time)], ['level', level], ['msg', quoted(message)], ...pairs] as const;
    return all.map(([name, value]) => `${name}=${value}`).join(' ');
  }
  const paint = level === 'error' ? colours.red : level === 'warning' ? colours.yellow : colours.cyan;
  const head = `${paint(level.toUpperCase().slice(0, 5).padEnd(5))} ${colours.dim(`[${printable(event.time)}]`)}`;
  const tail = pairs.map(([name, value]) => `${colours.cyan(name)}=${value}`).join(' ');
  return `${head} ${printable(message).padEnd(MESSAGE_WIDTH)} ${tail}`;
}

function recordOf(event: CloudEvent, knowledge: EventKnowledge): LogRecord {
  const { type, data, subject } = event;
  const origin = [
    ['type', type],
    ['source', event.source],
  ] as const;
  if (type.startsWith(LXD_LIFECYCLE)) {
    return { level: 'info', message: lifecycleMessage(data), fields: [...membersOf(data, 'context'), ...origin] };
  }
  if (type === LXD_OPERATION)
    return { level: 'info', message: operationMessage(data), fields: [...operationFields(data), ...origin] };
  if (type === LXD_LOGGING) {
    const level = textOf(memberAt(data, 'metadata', 'level')) || 'info';
    const message = textOf(memberAt(data, 'metadata', 'message'));
    return { level, message, fields: [...membersOf(data, 'context'), ...origin] };
  }
  const { message, outcome } = knowledge.tell(event);
  return {
    level: outcome === 'failed' ? 'error' : 'info',
    message,
    fields: [...origin, ...(subject === undefined ? [] : ([['subject', subject]] as const))],
  };
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

/** What has a space, an equals sign or nothing in it would not be told from its neighbours. */
function quoted(value: string): string {
  const text = printable(value);
  return text === '' || BARE_VALUE.test(text) ? text : JSON.stringify(text);
}
