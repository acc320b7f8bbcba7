import { randomUUID } from 'node:crypto';
import { catalogue, type EventType, type JsonObject } from '@tidings/catalogue';

/** The payload that the figures are about: as measured at a real installation, bytes of JSON. */
export const PAYLOAD_BYTES = 693;

const CUSTOMERS = uuids(200);
const PROJECTS = uuids(1_000);
const USERS = uuids(2_000);

/** All of one domain, and so of one kafkaTopic. */
const TYPES = catalogue.types().filter((type) => type.system === 'waldur' && type.domain === 'resources');

/** An event as a Waldur would send it. */
export interface BenchEvent {
  readonly type: EventType;
  readonly time: string;
  readonly data: JsonObject;
}

/** Realistic events: the catalogue's examples, of many customers, a second of the past hours apart, of about one size. */
export function benchEvents(count: number): readonly BenchEvent[] {
  const begin = Date.now() - count * 250;
  return Array.from({ length: count }, (_, index) => {
    const type = pick(TYPES, index * 7);
    return {
      type,
      time: `${new Date(begin + index * 250).toISOString().slice(0, -1)}${String(index % 1000).padStart(3, '0')}Z`,
      data: payloadOf(type, index),
    };
  });
}

/** The event as Waldur's web hook writes it. */
export function nativeOf({ type, time, data }: BenchEvent): JsonObject {
  return { created: time, message: data['message'], context: data['context'], event_type: type.nativeType };
}

function payloadOf(type: EventType, index: number): JsonObject {
  const example = type.example as { message?: string; context: JsonObject };
  const context: Record<string, unknown> = {
    ...example.context,
    customer_uuid: pick(CUSTOMERS, index * index),
    project_uuid: pick(PROJECTS, index * 31),
    user_uuid: pick(USERS, index * 17),
    resource_uuid: randomUUID().replaceAll('-', ''),
  };
  const data = { message: example.message ?? `Resource ${index} has changed.`, context };
  const missing = PAYLOAD_BYTES - JSON.stringify(data).length - ',"backend_id":""'.length;
  if (missing > 0) context['backend_id'] = `${randomUUID()}-`.repeat(20).slice(0, missing);
  return data;
}

function uuids(count: number): readonly string[] {
  return Array.from({ length: count }, () => randomUUID().replaceAll('-', ''));
}

function pick<T>(from: readonly T[], index: number): T {
  const picked = from[index % from.length];
  if (picked === undefined) throw new RangeError('nothing to pick from');
  return picked;
}
