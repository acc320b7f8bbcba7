import type { Problem } from '@tidings/catalogue';
import type { HeaderValue, IncomingRecord } from '../port.js';
import { isJsonContentType, mediaTypeOf, STRUCTURED_CONTENT_TYPE } from './attribute-names.js';
import { attributeProblems, eventOf, type DecodedRecord, type GatheredAttributes } from './decoded-record.js';
import {
  decodeRawNative,
  NATIVE_ORIGIN,
  NATIVE_ORIGIN_HEADER,
  PROBLEM_HEADER,
  RAW_NATIVE_HEADER,
} from './native-marks.js';
import { decodeStructured } from './structured-decoder.js';

/** What the headers say, after one pass over them. */
interface ReadHeaders extends GatheredAttributes {
  contentType: string | undefined;
  origin: string | undefined;
  rawNative: string | undefined;
  problem: string | undefined;
  /** Names that came more than once where only one can be meant. */
  repeated: string[] | undefined;
}

/** Reads a message, whoever wrote it. Never throws: what is wrong is told, so that the message can be put aside with it. */
export function decodeRecord(record: IncomingRecord): DecodedRecord {
  const read = readHeaders(record.headers);
  if (read.rawNative !== undefined) return { kind: 'raw-native', raw: decodeRawNative(read.rawNative, read.problem) };
  const native = read.origin === NATIVE_ORIGIN;
  if (isStructured(read.contentType)) return decodeStructured(record.value, native);
  const problems = problemsOf(read, record.value);
  if (problems !== undefined || record.value === null) return { kind: 'undecodable', problems: problems ?? [], native };
  return { kind: 'event', event: eventOf(read), data: record.value, native };
}

/** Tens of thousands of messages a second pass here: one look at each header, no expressions, no intermediate lists. */
function readHeaders(headers: IncomingRecord['headers']): ReadHeaders {
  const read: ReadHeaders = {
    specversion: undefined,
    id: undefined,
    source: undefined,
    type: undefined,
    time: undefined,
    subject: undefined,
    dataschema: undefined,
    extensions: undefined,
    contentType: undefined,
    origin: undefined,
    rawNative: undefined,
    problem: undefined,
    repeated: undefined,
  };
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || value === null) continue;
    if (isOurs(name)) assign(read, name, textOf(value, name, read));
  }
  return read;
}

function isOurs(name: string): boolean {
  return name.startsWith('ce_') || name.startsWith('tidings-') || name.length === 12;
}

function assign(read: ReadHeaders, name: string, text: string): void {
  switch (name) {
    case 'ce_specversion':
      read.specversion = text;
      return;
    case 'ce_id':
      read.id = text;
      return;
    case 'ce_source':
      read.source = text;
      return;
    case 'ce_type':
      read.type = text;
      return;
    case 'ce_time':
      read.time = text;
      return;
    case 'ce_subject':
      read.subject = text;
      return;
    case 'ce_dataschema':
      read.dataschema = text;
      return;
    // Some libraries write it beside `content-type`, which is the one that counts.
    case 'ce_datacontenttype':
      read.contentType ??= text;
      return;
    case 'content-type':
    case 'Content-Type':
      read.contentType = text;
      return;
    case NATIVE_ORIGIN_HEADER:
      read.origin = text;
      return;
    case RAW_NATIVE_HEADER:
      read.rawNative = text;
      return;
    case PROBLEM_HEADER:
      read.problem = text;
      return;
    default:
      if (name.startsWith('ce_')) (read.extensions ??= {})[name.slice(3)] = text;
  }
}

function textOf(value: HeaderValue, name: string, read: ReadHeaders): string {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  if (typeof value === 'string') return value;
  (read.repeated ??= []).push(name);
  return value.length > 0 ? String(value[value.length - 1]) : '';
}

function isStructured(contentType: string | undefined): boolean {
  // The first letters after `application/` decide for nearly every message.
  if (!contentType?.includes('cloudevents')) return false;
  return mediaTypeOf(contentType) === STRUCTURED_CONTENT_TYPE;
}

/** @returns undefined when nothing is wrong */
function problemsOf(read: ReadHeaders, value: Buffer | null): readonly Problem[] | undefined {
  const { specversion, id, source, type, time, contentType } = read;
  const isComplete = specversion === '1.0' && Boolean(id && source && type && time);
  const isJson = contentType === undefined || isJsonContentType(contentType);
  const hasData = value !== null && value.length > 0;
  if (isComplete && isJson && hasData && read.repeated === undefined) return undefined;
  if (specversion === undefined && id === undefined && type === undefined) {
    const problem = `has neither ce_ headers nor the content-type ${STRUCTURED_CONTENT_TYPE}`;
    return [{ field: '', problem }];
  }
  const problems = attributeProblems(read);
  if (!isJson) problems.push({ field: 'datacontenttype', problem: `is ${contentType}; only JSON is understood` });
  if (!hasData) problems.push({ field: 'data', problem: 'is missing' });
  for (const name of read.repeated ?? []) problems.push({ field: name, problem: 'is given more than once' });
  return problems;
}
