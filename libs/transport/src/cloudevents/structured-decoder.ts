import { isUtf8 } from 'node:buffer';
import { isJsonObject, type JsonObject, type Problem } from '@tidings/catalogue';
import { isJsonContentType } from './attribute-names.js';
import { attributeProblems, eventOf, type DecodedRecord, type GatheredAttributes } from './decoded-record.js';
import { memberText } from './json-member.js';

/** Members of a structured event that are no extension attributes. */
const OWN_MEMBERS = new Set([
  ...['specversion', 'id', 'source', 'type', 'time', 'subject', 'dataschema', 'datacontenttype', 'data', 'data_base64'],
]);

/** Reads an event in structured mode: the message's value is the whole event in the JSON format. */
export function decodeStructured(value: Buffer | null, native: boolean): DecodedRecord {
  const undecodable = (problems: readonly Problem[]): DecodedRecord => ({ kind: 'undecodable', problems, native });
  if (value === null || value.length === 0) return undecodable([{ field: '', problem: 'the message is empty' }]);
  if (!isUtf8(value)) return undecodable([{ field: '', problem: 'the message is not UTF-8' }]);
  const text = value.toString('utf8');
  const members = parsed(text);
  if (members === undefined) return undecodable([{ field: '', problem: 'the message is no JSON object' }]);
  const problems: Problem[] = [];
  const gathered = gather(members, problems);
  problems.push(...attributeProblems(gathered));
  const data = dataOf(text, members, problems);
  if (problems.length > 0 || data === undefined) return undecodable(problems);
  return { kind: 'event', event: eventOf(gathered), data, native };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function gather(members: JsonObject, problems: Problem[]): GatheredAttributes {
  const text = (name: string): string | undefined => {
    const value = members[name];
    if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
    problems.push({ field: name, problem: 'must be a string' });
    return undefined;
  };
  return {
    specversion: text('specversion'),
    id: text('id'),
    source: text('source'),
    type: text('type'),
    time: text('time'),
    subject: text('subject'),
    dataschema: text('dataschema'),
    extensions: extensionsOf(members, problems),
  };
}

function extensionsOf(members: JsonObject, problems: Problem[]): Record<string, string> | undefined {
  const extensions: [string, string][] = [];
  for (const [name, value] of Object.entries(members)) {
    if (OWN_MEMBERS.has(name) || value === null) continue;
    if (typeof value === 'string') extensions.push([name, value]);
    else if (typeof value === 'number' || typeof value === 'boolean') extensions.push([name, String(value)]);
    else problems.push({ field: name, problem: 'must be a string, a number or a boolean' });
  }
  return extensions.length === 0 ? undefined : Object.fromEntries(extensions);
}

function dataOf(text: string, members: JsonObject, problems: Problem[]): Buffer | undefined {
  const { datacontenttype, data_base64: base64 } = members;
  if (typeof datacontenttype === 'string' && !isJsonContentType(datacontenttype)) {
    problems.push({ field: 'datacontenttype', problem: `is ${datacontenttype}; only JSON is understood` });
    return undefined;
  }
  if (Object.hasOwn(members, 'data')) return Buffer.from(memberText(text, 'data') ?? 'null');
  if (typeof base64 !== 'string') {
    problems.push({ field: 'data', problem: 'is missing' });
    return undefined;
  }
  const data = Buffer.from(base64, 'base64');
  if (isJson(data)) return data;
  problems.push({ field: 'data_base64', problem: 'does not hold JSON' });
  return undefined;
}

function isJson(data: Buffer): boolean {
  try {
    JSON.parse(data.toString('utf8'));
    return isUtf8(data);
  } catch {
    return false;
  }
}
