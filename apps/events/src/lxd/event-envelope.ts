import { catalogue, isJsonObject, parseJson, stringifyJson } from '@tidings/catalogue';
import type { LiveEvent } from '../live/live-events.js';
import type { StreamRequest } from './stream-request.js';

/** An event as LXD sends it. */
export interface EventEnvelope {
  readonly type: string;
  /** Empty: of no project. */
  readonly project: string;
  /** The message. */
  readonly text: string;
}

/** Listeners are handed the same event; it is put into words once. */
const written = new WeakMap<LiveEvent, EventEnvelope | undefined>();

/**
 * Puts an event into LXD's words, with the fields it came with and no others.
 * @returns undefined when it is none of LXD's
 */
export function envelopeOf(event: LiveEvent): EventEnvelope | undefined {
  if (!written.has(event)) written.set(event, write(event));
  return written.get(event);
}

/** Whether an event is asked for. One without a project is everybody's. */
export function isAskedFor({ type, project }: EventEnvelope, request: StreamRequest): boolean {
  if (request.types !== undefined && !request.types.has(type)) return false;
  return request.project === undefined || project === '' || project === request.project;
}

function write(event: LiveEvent): EventEnvelope | undefined {
  if (event.system !== 'lxd') return undefined;
  // Numbers keep their digits: they may be beyond what JavaScript can hold.
  const data = parseJson(event.data).exact;
  const native = catalogue.system('lxd')?.native;
  if (native === undefined || !isJsonObject(data)) return undefined;
  const { id, source, type, subject, time } = { ...event, id: event.eventId };
  const message = native.write({ id, source, type, time, data, ...(subject !== undefined && { subject }) });
  const { type: nativeType, project } = message;
  return {
    type: typeof nativeType === 'string' ? nativeType : '',
    project: typeof project === 'string' ? project : '',
    text: stringifyJson(message),
  };
}
