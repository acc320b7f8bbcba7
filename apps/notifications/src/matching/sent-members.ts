import {
  canonicalJson,
  EVENT_LIMITS,
  type GivenAttribute,
  isJsonObject,
  type JsonObject,
  parseJson,
} from '@tidings/catalogue';
import { memberText } from '@tidings/transport';

/**
 * The extension attribute that carries what a sender wrote beside the context attributes, as JSON text. IBM's clients send
 * members that CloudEvents does not allow as attributes (capitals, dashes, line breaks, arrays, objects); rules, templates
 * and receivers see them where the sender put them, at the top of the event.
 */
export const MEMBERS_EXTENSION = 'ibmenmembers';

const DATA_MEMBERS: readonly string[] = ['data', 'data_base64'];
const CORE: readonly string[] = [
  ...['specversion', 'id', 'source', 'type', 'subject', 'time', 'dataschema', 'datacontenttype'],
];
const EXTENSION_NAME = /^[a-z0-9]+$/;
const FORBIDDEN_CHARACTER = /[\p{Cc}\p{Cs}]/u;
/** JSON leaves these as they are, and attributes may not have them. */
const UNESCAPED_CONTROL = /[\u007f-\u009f]/g;

/** The members of an event in JSON, apart from its data. */
export interface SplitMembers {
  /** What the rules of CloudEvents take, or what has to be refused by them. */
  readonly attributes: readonly GivenAttribute[];
  /** The others. */
  readonly members: JsonObject;
}

/** Tells attributes from other members. Null means that there is none. @param event exact, so that no digit is lost */
export function splitMembers(event: JsonObject): SplitMembers {
  const attributes: GivenAttribute[] = [];
  const members: [string, unknown][] = [];
  for (const [name, value] of Object.entries(event)) {
    if (value === null || value === undefined || DATA_MEMBERS.includes(name)) continue;
    if (isAttribute(name, value)) attributes.push([name, value]);
    else members.push([name, value]);
  }
  return { attributes, members: Object.fromEntries(members) };
}

/** As {@link MEMBERS_EXTENSION} holds them; equal members have one text. */
export function packedMembers(members: JsonObject): string {
  return canonicalJson(members).replace(
    UNESCAPED_CONTROL,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * @param packed the value of {@link MEMBERS_EXTENSION}
 * @param form `exact` for writing them, `plain` for reading them
 * @returns undefined where it holds no members, for anybody may write to the bus
 */
export function unpackedMembers(packed: unknown, form: 'exact' | 'plain'): JsonObject | undefined {
  if (typeof packed !== 'string') return undefined;
  try {
    const parsed = parseJson(packed)[form];
    if (!isJsonObject(parsed)) return undefined;
    // What is an attribute, or the data, is not for the members to say.
    return Object.fromEntries(
      Object.entries(parsed).filter(([name]) => !CORE.includes(name) && !DATA_MEMBERS.includes(name)),
    );
  } catch {
    return undefined;
  }
}

/** An event as the bus takes it, in structured JSON: what is no attribute is in {@link MEMBERS_EXTENSION}. */
export function packedEvent(eventText: string): string {
  const event = parseJson(eventText).exact;
  const { attributes, members } = splitMembers(isJsonObject(event) ? event : {});
  if (Object.keys(members).length === 0) return eventText;
  const head = JSON.stringify({ ...Object.fromEntries(attributes), [MEMBERS_EXTENSION]: packedMembers(members) });
  return `${head.slice(0, -1)},"data":${memberText(eventText, 'data') ?? 'null'}}`;
}

function isAttribute(name: string, value: unknown): boolean {
  if (CORE.includes(name)) return true;
  if (name === MEMBERS_EXTENSION || !EXTENSION_NAME.test(name)) return false;
  if (name.length > EVENT_LIMITS.extensionName.value) return false;
  if (typeof value === 'string') return !FORBIDDEN_CHARACTER.test(value);
  return typeof value === 'boolean' || (typeof value === 'number' && (value | 0) === value);
}
