import { isJsonObject, type JsonObject, parseJson } from '@tidings/catalogue';
import { BodyMembers, demandStorable } from '../api/body-members.js';

const MEMBERS = ['name', 'type', 'description', 'collect_failed_events', 'config', 'enabled', 'retry_schedule'];
/** Members that are no texts; in a form they are JSON texts. */
const JSON_MEMBERS: readonly string[] = ['config', 'retry_schedule'];
const FLAGS: readonly string[] = ['collect_failed_events', 'enabled'];

const MAX_ATTEMPTS = 30;
const MAX_PAUSE_SECONDS = 7 * 86_400;

/** What a request says of a destination. Undefined: nothing. */
export interface DestinationMembers {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly description: string | undefined;
  readonly collectFailedEvents: boolean | undefined;
  /** `config.params`, which its type reads. */
  readonly params: unknown;
  readonly enabled: boolean | undefined;
  /** Seconds before each attempt; null: the default schedule. */
  readonly retrySchedule: readonly number[] | null | undefined;
}

/** Turns the fields of a form into what JSON would say. */
export function membersOfForm(fields: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(
    [...fields].map(([name, text]) => [name, FLAGS.includes(name) ? flagOf(text) : jsonMember(name, text)]),
  );
}

/** @throws {DomainError} `invalid_query`, field by field */
export function readDestination(json: unknown, isNew: boolean): DestinationMembers {
  const body = new BodyMembers(json, MEMBERS);
  const name = isNew ? body.requiredName() : body.name();
  const type = isNew
    ? body.requiredText('type', 'a kind of destination, such as webhook')
    : body.text('type', 'a text');
  const description = body.description();
  const collectFailedEvents = body.flag('collect_failed_events');
  const enabled = body.flag('enabled');
  const config = body.value('config');
  if (config !== undefined && !isJsonObject(config)) body.complain('config', 'must be a JSON object with params');
  const retrySchedule = retryScheduleOf(json, body);
  body.end();
  demandStorable('config', config);
  const params = isJsonObject(config) ? config['params'] : undefined;
  return { name, type, description, collectFailedEvents, params, enabled, retrySchedule };
}

function retryScheduleOf(json: unknown, body: BodyMembers): readonly number[] | null | undefined {
  if (isJsonObject(json) && json['retry_schedule'] === null) return null;
  const given = body.array('retry_schedule', MAX_ATTEMPTS);
  if (given === undefined) return undefined;
  const isGood = given.every((one) => Number.isInteger(one) && Number(one) >= 0 && Number(one) <= MAX_PAUSE_SECONDS);
  if (given.length > 0 && isGood) return given.map(Number);
  const what = `1 to ${MAX_ATTEMPTS} whole seconds, each from 0 to ${MAX_PAUSE_SECONDS}: what to wait before each attempt`;
  body.complain('retry_schedule', `must be an array of ${what}; null is the default schedule`);
  return undefined;
}

/** Python's clients write `True`. */
function flagOf(text: string): unknown {
  const plain = text.trim().toLowerCase();
  return plain === 'true' ? true : plain === 'false' ? false : text;
}

function jsonMember(name: string, text: string): unknown {
  if (!JSON_MEMBERS.includes(name)) return text;
  try {
    return parseJson(text).plain;
  } catch {
    // Told by whoever expects an object or an array there.
    return text;
  }
}
