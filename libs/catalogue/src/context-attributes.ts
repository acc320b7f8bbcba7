import { ARRIVAL_TIME_EXTENSION, type EventAttributes, type Problem } from './envelope.js';
import { EVENT_LIMITS } from './limits.js';
import { isJsonMediaType, isUtf8Charset, parseMediaType } from './media-type.js';
import { formatTime, nowMicros, parseTime } from './time.js';

/** What is kept of a CloudEvent's context attributes, or why the event is turned away. */
export type AttributeReading =
  | { readonly attributes: EventAttributes }
  | { readonly problems: readonly Problem[]; readonly isUnsupported: boolean; readonly said: SaidAttributes };

/** The attributes that name an event, as far as they were given. */
export type SaidAttributes = Partial<Pick<EventAttributes, 'id' | 'source' | 'type' | 'time'>>;

/** An attribute as it was given: text in headers, any JSON value in a structured event. */
export type GivenAttribute = readonly [name: string, value: unknown];

const REQUIRED = ['id', 'source', 'type'] as const;
const EXTENSION_NAME = /^[a-z0-9]+$/;
/** Members of a structured event that are its data: an attribute of that name would hide it. */
const DATA_MEMBERS = new Set(['data', 'data_base64']);
const FORBIDDEN_CHARACTER = /[\p{Cc}\p{Cs}]/u;
const PRINTABLE_ASCII = /^[ -~]*$/;
/** What servers add to an event behind its sender's back: it must not make too many of what was just enough. */
const ADDED_EXTENSIONS = new Set([ARRIVAL_TIME_EXTENSION, 'traceparent', 'tracestate']);
/** Longer ones are not ours. */
const MAX_ADDED_EXTENSION = 512;
/** Beyond, further problems of one event tell its sender nothing new. */
const MAX_PROBLEMS = 20;
const WHITE_SPACE = /\s/;

/**
 * Checks context attributes by the rules of CloudEvents 1.0 and by EVENT_LIMITS: the one set of rules for HTTP, Kafka and
 * sent notifications.
 * @param arrival the time of an event that has none, microseconds since the Unix epoch; the present unless given
 */
export function readAttributes(given: Iterable<GivenAttribute>, arrival?: bigint): AttributeReading {
  const checked = new AttributeCheck(arrival);
  for (const [name, value] of given) {
    // A JSON null means that the attribute is not set.
    if (value !== null && value !== undefined) checked.take(name, value);
  }
  return checked.result();
}

/** May a text be the value of an attribute? A subject that is made from an event's data need not be one. */
export function isAttributeText(text: string): boolean {
  return text !== '' && !hasForbidden(text) && !isTooLong(text);
}

/** Nearly every value is ASCII, which is a fast look. */
function hasForbidden(text: string): boolean {
  return !PRINTABLE_ASCII.test(text) && FORBIDDEN_CHARACTER.test(text);
}

function isTooLong(text: string): boolean {
  const { value: limit } = EVENT_LIMITS.attributeBytes;
  // No UTF-16 unit takes more than three bytes.
  return text.length * 3 > limit && Buffer.byteLength(text) > limit;
}

class AttributeCheck {
  private readonly problems: Problem[] = [];
  private readonly core: Record<string, string> = {};
  private readonly extensions: Record<string, string> = Object.create(null) as Record<string, string>;
  private extensionCount = 0;
  private extensionBytes = 0;
  private hasAdded = false;
  private isUnsupported = false;

  constructor(private readonly arrival?: bigint) {}

  take(name: string, value: unknown): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    switch (name) {
      case 'specversion':
      case 'id':
      case 'source':
      case 'type':
      case 'subject':
      case 'time':
      case 'dataschema':
        this.takeText(name, value);
        return;
      case 'datacontenttype':
        this.takeContentType(value);
        return;
      default:
        this.takeExtension(name, value);
    }
  }

  result(): AttributeReading {
    const { core } = this;
    if (core['specversion'] !== '1.0' && !this.hasProblem('specversion')) {
      this.complain('specversion', core['specversion'] === undefined ? 'is required, and is 1.0' : 'must be 1.0');
    }
    for (const name of REQUIRED) {
      if (core[name] === undefined && !this.hasProblem(name)) this.complain(name, 'is required, and must not be empty');
    }
    const { id, source, type, subject, time, dataschema } = core;
    if (this.problems.length > 0 || id === undefined || source === undefined || type === undefined) {
      return { problems: this.problems, isUnsupported: this.isUnsupported, said: { id, source, type, time } };
    }
    if (time === undefined) {
      this.extensions[ARRIVAL_TIME_EXTENSION] = 'true';
      this.hasAdded = true;
    }
    return {
      attributes: {
        id,
        source,
        type,
        time: time ?? formatTime(this.arrival ?? nowMicros()),
        ...(subject !== undefined && { subject }),
        ...(dataschema !== undefined && { dataschema }),
        ...((this.extensionCount > 0 || this.hasAdded) && { extensions: this.extensions }),
      },
    };
  }

  private takeText(name: string, value: unknown): void {
    if (typeof value !== 'string') {
      this.complain(name, 'must be a string');
    } else if (value === '') {
      this.complain(name, 'must not be empty; leave it out if there is none');
    } else if (hasForbidden(value)) {
      this.complain(name, 'must not have control characters or lone surrogates');
    } else if (isTooLong(value)) {
      this.complain(name, `must not be longer than ${EVENT_LIMITS.attributeBytes.value} bytes`);
    } else if ((name === 'source' || name === 'dataschema') && WHITE_SPACE.test(value)) {
      this.complain(name, 'must be a URI, without white space: percent-encode it');
    } else if (name === 'time' && parseTime(value) === undefined) {
      this.complain(name, 'must be an RFC 3339 time with a zone, such as 2026-11-02T08:01:53.204968Z');
    } else {
      this.core[name] = value;
    }
  }

  private takeContentType(value: unknown): void {
    if (value === '') {
      this.complain('datacontenttype', 'must not be empty; leave it out where the data is JSON');
      return;
    }
    const { essence, charset } = parseMediaType(typeof value === 'string' ? value : '');
    if (isJsonMediaType(essence) && isUtf8Charset(charset)) return;
    this.isUnsupported = true;
    this.complain('datacontenttype', 'must be application/json, or end in +json, in UTF-8: other data is not taken');
  }

  private takeExtension(name: string, value: unknown): void {
    if (!EXTENSION_NAME.test(name) || DATA_MEMBERS.has(name)) {
      this.complain(name, 'is not an attribute name: use lower-case letters and digits only');
      return;
    }
    if (name.length > EVENT_LIMITS.extensionName.value) {
      this.complain(name, `is not an attribute name: it is longer than ${EVENT_LIMITS.extensionName.value} characters`);
      return;
    }
    const text = typeof value === 'string' ? value : canonicalText(value);
    if (text === undefined) {
      this.complain(name, 'must be a string, a boolean or a 32-bit whole number; send anything else as a text');
    } else if (hasForbidden(text)) {
      this.complain(name, 'must not have control characters or lone surrogates');
    } else if (ADDED_EXTENSIONS.has(name) && text.length <= MAX_ADDED_EXTENSION) {
      this.extensions[name] = text;
      this.hasAdded = true;
    } else {
      this.keepExtension(name, text);
    }
  }

  private keepExtension(name: string, text: string): void {
    const { extensions, extensionBytes } = EVENT_LIMITS;
    const bytesBefore = this.extensionBytes;
    this.extensionCount += 1;
    this.extensionBytes += name.length + Buffer.byteLength(text);
    if (this.extensionCount === extensions.value + 1) {
      this.complain('', `has more than ${extensions.value} extension attributes; put the rest into its data`);
    }
    if (bytesBefore <= extensionBytes.value && this.extensionBytes > extensionBytes.value) {
      const problem = `makes the extension attributes larger than ${extensionBytes.value} bytes; put it into the data`;
      this.complain(name, problem);
    }
    if (this.extensionCount <= extensions.value) this.extensions[name] = text;
  }

  private hasProblem(field: string): boolean {
    return this.problems.some((problem) => problem.field === field);
  }

  private complain(field: string, problem: string): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    const name =
      field.length > EVENT_LIMITS.extensionName.value ? `${field.slice(0, EVENT_LIMITS.extensionName.value)}…` : field;
    this.problems.push({ field: name, problem });
  }
}

/** CloudEvents has no fractions: a boolean and a 32-bit integer are the only attributes besides strings. */
function canonicalText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && (value | 0) === value ? String(value) : undefined;
}
