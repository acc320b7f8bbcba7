import {
  EVENT_LIMITS,
  isJsonObject,
  isNestedDeeper,
  parseJson,
  problemText,
  readNativeEvent,
  siteProblem,
  stringifyJson,
  uncataloguedTopic,
  type Catalogue,
  type JsonObject,
} from '@tidings/catalogue';
import { invalidQuery } from '@tidings/runtime';
import { encodeEvent, prefixed, type OutgoingRecord } from '@tidings/transport';

/** What the gateway marked a native event with that it could not use: `<system>/<site>`. */
interface NativeOrigin {
  readonly system: string;
  readonly site: string;
}

/**
 * Makes an event of a native one that has been repaired, as the gateway would have: sent like any other, it is stored and
 * offered to subscribers.
 * @param origin the value of the message's `tidings-native` header
 * @throws {DomainError} `invalid_query`, saying what is still wrong with it
 */
export function repairedNative(
  origin: string,
  value: string | Buffer | null,
  catalogue: Catalogue,
  prefix: string,
): OutgoingRecord {
  const { system, site } = originOf(origin);
  const format = catalogue.system(system)?.native;
  if (format === undefined || siteProblem(site) !== undefined) {
    throw stillUnusable(`comes from ${origin}, which is not a system with native events and a site of it; delete it`);
  }
  const native = objectOf(value);
  const reading = readNativeEvent(format, native, site);
  if ('rejection' in reading) throw stillUnusable(problemText(reading.rejection));
  const { data, ...attributes } = reading.event;
  // A wrapped event names its type itself; it must not be one of another system.
  const named = catalogue.type(attributes.type);
  const kafkaTopic = named?.system === system ? named.kafkaTopic : uncataloguedTopic(system);
  return encodeEvent(prefixed(prefix, kafkaTopic), attributes, stringifyJson(data), 'native');
}

function originOf(origin: string): NativeOrigin {
  const [system = '', ...site] = origin.split('/');
  return { system, site: site.join('/') };
}

function objectOf(value: string | Buffer | null): JsonObject {
  const bytes = Buffer.from(value ?? '');
  const levels = EVENT_LIMITS.depth.value;
  if (isNestedDeeper(bytes, levels)) throw stillUnusable(`is nested more than ${levels} levels deep; flatten it`);
  let native: unknown;
  try {
    native = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).exact;
  } catch {
    throw stillUnusable('is not valid JSON in UTF-8');
  }
  if (!isJsonObject(native)) throw stillUnusable('must be a JSON object');
  return native;
}

function stillUnusable(problem: string): Error {
  return invalidQuery({ value: [`The native event is still unusable: ${problem}.`] });
}
