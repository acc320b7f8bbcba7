import {
  EVENT_LIMITS,
  isJsonMediaType,
  isNestedDeeper,
  parseMediaType,
  readAttributes,
  type Problem,
} from '@tidings/catalogue';
import type { IncomingRecord } from '../port.js';
import { readHeaders, type AttributeHeaders } from './attribute-headers.js';
import { JSON_CONTENT_TYPE, STRUCTURED_CONTENT_TYPE } from './attribute-names.js';
import type { DecodedRecord } from './decoded-record.js';
import { decodeRawNative, NATIVE_ORIGIN } from './native-marks.js';
import { decodeStructured, looksStructured } from './structured-decoder.js';

const NEITHER_MODE = `has neither ce_ headers nor the content-type ${STRUCTURED_CONTENT_TYPE}: add the one or the other`;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** A clock that is further ahead is wrong, and so is what it stamped. */
const MAX_AHEAD_MS = 86_400_000;
const MAX_SHOWN = 100;

/** Reads a message, whoever wrote it. Never throws: what is wrong is told, so that the message can be put aside with it. */
export function decodeRecord(record: IncomingRecord): DecodedRecord {
  if (record.unreadable !== undefined) {
    return { kind: 'undecodable', problems: [{ field: '', problem: record.unreadable }], native: false };
  }
  const read = readHeaders(record.headers);
  if (read.rawNative !== undefined) return { kind: 'raw-native', raw: decodeRawNative(read.rawNative, read.problem) };
  const native = read.origin === NATIVE_ORIGIN;
  const value = record.value === null ? null : withoutMark(record.value);
  const arrival = (): bigint | undefined => arrivalOf(record.timestamp);
  const mode = modeOf(read, value);
  if (typeof mode !== 'string') return { kind: 'undecodable', problems: [mode], native };
  if (mode === 'structured') return decodeStructured(value, native, arrival);
  return decodeBinary(read, value, native, arrival);
}

function decodeBinary(
  read: AttributeHeaders,
  value: Buffer | null,
  native: boolean,
  arrival: () => bigint | undefined,
): DecodedRecord {
  const reading = readAttributes(read.given, arrival);
  const ofContentType = contentTypeProblem(read.contentType);
  const ofData = dataProblem(value);
  const isFine = ofContentType === undefined && ofData === undefined && read.problems === undefined;
  if (isFine && 'attributes' in reading && value !== null) {
    return { kind: 'event', event: reading.attributes, micros: reading.micros, data: value, native };
  }
  const problems = [
    ...('problems' in reading ? reading.problems : []),
    ...(ofContentType ?? []),
    ...(ofData ?? []),
    ...(read.problems ?? []),
  ];
  return { kind: 'undecodable', problems, native };
}

/** @returns what is wrong where it is in neither of the two */
function modeOf({ contentType, given }: AttributeHeaders, value: Buffer | null): 'binary' | 'structured' | Problem {
  // Nearly every message.
  if (contentType === JSON_CONTENT_TYPE && given.length > 0) return 'binary';
  const { essence } = parseMediaType(contentType);
  if (essence === STRUCTURED_CONTENT_TYPE) return 'structured';
  if (essence.startsWith('application/cloudevents')) {
    const what = essence.startsWith('application/cloudevents-batch') ? 'batches are' : 'this format is';
    const problem = `is ${shown(essence)}; ${what} not read from Kafka: send each event as ${STRUCTURED_CONTENT_TYPE}`;
    return { field: 'content-type', problem };
  }
  if (given.length > 0) return 'binary';
  return looksStructured(value) ? 'structured' : { field: '', problem: NEITHER_MODE };
}

function contentTypeProblem(contentType: string | undefined): readonly Problem[] | undefined {
  if (contentType === undefined || contentType === JSON_CONTENT_TYPE) return undefined;
  const { essence } = parseMediaType(contentType);
  if (!isJsonMediaType(essence)) {
    return [{ field: 'datacontenttype', problem: `is ${shown(contentType)}; only JSON is understood` }];
  }
  const reading = readAttributes([['datacontenttype', contentType]]);
  const problems = 'problems' in reading ? reading.problems.filter(({ field }) => field === 'datacontenttype') : [];
  return problems.length > 0 ? problems : undefined;
}

function dataProblem(value: Buffer | null): readonly Problem[] | undefined {
  if (value === null) return [{ field: 'data', problem: 'is missing: the record has no value, as a tombstone' }];
  if (value.length === 0) return [{ field: 'data', problem: 'is missing: the value is empty' }];
  const { value: levels } = EVENT_LIMITS.depth;
  return isNestedDeeper(value, levels)
    ? [{ field: 'data', problem: `is nested more than ${levels} levels deep` }]
    : undefined;
}

/** Some systems begin UTF-8 with it; JSON has no place for it. */
function withoutMark(value: Buffer): Buffer {
  return value[0] === BYTE_ORDER_MARK[0] && value.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? value.subarray(BYTE_ORDER_MARK.length)
    : value;
}

/**
 * When the message came, for an event without a time. Kafka keeps any number: -1 for none, nanoseconds that were taken
 * for milliseconds, the year 1.
 * @returns microseconds since the Unix epoch; undefined where the stamp cannot be true
 */
function arrivalOf(timestamp: string): bigint | undefined {
  const milliseconds = Number(timestamp);
  const isPossible = milliseconds > 0 && milliseconds <= Date.now() + MAX_AHEAD_MS;
  return isPossible ? BigInt(Math.trunc(milliseconds)) * 1_000n : undefined;
}

function shown(text: string): string {
  const line = text.replaceAll(/\p{Cc}/gu, ' ');
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}
