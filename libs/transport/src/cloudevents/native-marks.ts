import type { OutgoingRecord } from '../port.js';

/** Marks, with the value `native`, an event that the gateway made from a system's own: kept even where it does not conform. */
export const NATIVE_ORIGIN_HEADER = 'tidings-origin';
export const NATIVE_ORIGIN = 'native';

/** Marks a native event that could not be made into an event, with `<system>/<site>`; its value is what was sent. */
export const RAW_NATIVE_HEADER = 'tidings-native';

/** Why it could not. */
export const PROBLEM_HEADER = 'tidings-problem';

/** What is known of a native event without a usable type, time or shape. */
export interface RawNative {
  readonly system: string;
  readonly site: string;
  readonly problem: string;
}

/**
 * A native event that cannot be made into one of ours, as it came: whoever keeps events makes a dead letter of it.
 * @param kafkaTopic with the prefix
 */
export function encodeRawNative(kafkaTopic: string, raw: RawNative, body: string | Buffer): OutgoingRecord {
  return {
    kafkaTopic,
    key: null,
    value: body,
    headers: { [RAW_NATIVE_HEADER]: `${raw.system}/${raw.site}`, [PROBLEM_HEADER]: raw.problem },
  };
}

/** @param origin the value of {@link RAW_NATIVE_HEADER} */
export function decodeRawNative(origin: string, problem: string | undefined): RawNative {
  const slash = origin.indexOf('/');
  return {
    system: slash < 0 ? origin : origin.slice(0, slash),
    site: slash < 0 ? '' : origin.slice(slash + 1),
    problem: problem ?? '',
  };
}
