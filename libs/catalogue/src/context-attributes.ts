import { ARRIVAL_TIME_EXTENSION, type EventAttributes, type Problem } from './envelope.js';
import { EVENT_LIMITS } from './limits.js';
import { isJsonMediaType, isUtf8Charset, parseMediaType } from './media-type.js';
import { formatTime, nowMicros, parseTime } from './time.js';

/** What is kept of a CloudEvent's context attributes, or why the event is turned away. */
export type AttributeReading =
  | {
      readonly attributes: EventAttributes;
      /** The time, microseconds since the Unix epoch. */
      readonly micros: bigint;
    }
  | { readonly problems: readonly Problem[]; readonly isUnsupported: boolean; readonly said: SaidAttributes };

/** The attributes that name an event, as far as they were given. */
export type SaidAttributes = Partial<Pick<EventAttributes, 'id' | 'source' | 'type' | 'time'>>;

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** An attribute as it was given: text in headers, any JSON value in a structured event. */
export type GivenAttribute = readonly [name: string, value: unknown];

const REQUIRED = ['id', 'source', 'type'] as const;
const EXTENSION_NAME = /^[a-z0-9]+$/;
/** Members of a structured event that are its data: an attribute of that name would hide it. */
const DATA_MEMBERS = new Set(['data', 'data_base64']);
const FORBIDDEN_CHARACTER = /[\p{Cc}\p{Cs}]/u;
const PRINTABLE_ASCII = /^[ -~]*$/;
const PLAIN_TEXT = /^[!-~]+$/;
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
 * @param arrival tells the time of an event that has none, microseconds since the Unix epoch; the present unless it does
 */
export function readAttributes(given: Iterable<GivenAttribute>, arrival?: () => bigint | undefined): AttributeReading {
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

/** Any other is looked at closely. */
function isPlainText(value: unknown): value is string {
  // No longer than any attribute may be.
  return typeof value === 'string' && value.length <= EVENT_LIMITS.attributeBytes.value && PLAIN_TEXT.test(value);
}

class AttributeCheck {
  private readonly problems: Problem[] = [];
  private version: string | undefined;
  private id: string | undefined;
  private source: string | undefined;
  private type: string | undefined;
  private subject: string | undefined;
  private time: string | undefined;
  private dataschema: string | undefined;
  private micros: bigint | undefined;
  private extensions: Record<string, string> | undefined;
  private extensionCount = 0;
  private extensionBytes = 0;
  private isUnsupported = false;

  constructor(private readonly arrival?: () => bigint | undefined) {}

  take(name: string, value: unknown): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    switch (name) {
      case 'specversion':
        this.version = this.textOf(name, value) ?? this.version;
        return;
      case 'id':
        this.id = this.textOf(name, value) ?? this.id;
        return;
      case 'source':
        this.source = this.uriOf(name, value) ?? this.source;
        return;
      case 'type':
        this.type = this.textOf(name, value) ?? this.type;
        return;
      case 'subject':
        this.subject = this.textOf(name, value) ?? this.subject;
        return;
      case 'time':
        this.takeTime(value);
        return;
      case 'dataschema':
        this.dataschema = this.uriOf(name, value) ?? this.dataschema;
        return;
      case 'datacontenttype':
        this.takeContentType(value);
        return;
      default:
        this.takeExtension(name, value);
    }
  }

  result(): AttributeReading {
    const { version, id, source, type, subject, dataschema } = this;
    if (version !== '1.0' && !this.hasProblem('specversion')) {
      this.complain('specversion', version === undefined ? 'is required, and is 1.0' : 'must be 1.0');
    }
    for (const name of REQUIRED) {
      if (this[name] === undefined && !this.hasProblem(name)) {
        this.complain(name, 'is required, and must not be empty');
      }
    }
    if (this.problems.length > 0 || id === undefined || source === undefined || type === undefined) {
      const said = { id, source, type, time: this.time };
      return { problems: this.problems, isUnsupported: this.isUnsupported, said };
    }
    if (this.time === undefined) this.addExtension(ARRIVAL_TIME_EXTENSION, 'true');
    const micros = this.micros ?? this.arrival?.() ?? nowMicros();
    // Without spreading: every event passes here.
    const attributes: Writable<EventAttributes> = { id, source, type, time: this.time ?? formatTime(micros) };
    if (subject !== undefined) attributes.subject = subject;
    if (dataschema !== undefined) attributes.dataschema = dataschema;
    if (this.extensions !== undefined) attributes.extensions = this.extensions;
    return { attributes, micros };
  }

  private takeTime(value: unknown): void {
    const text = this.textOf('time', value);
    if (text === undefined) return;
    const micros = parseTime(text);
    if (micros === undefined) {
      this.complain('time', 'must be an RFC 3339 time with a zone, such as 2026-11-02T08:01:53.204968Z');
      return;
    }
    this.time = text;
    this.micros = micros;
  }

  private uriOf(name: string, value: unknown): string | undefined {
    if (isPlainText(value)) return value;
    const text = this.textOf(name, value);
    if (text === undefined || !WHITE_SPACE.test(text)) return text;
    this.complain(name, 'must be a URI, without white space: percent-encode it');
    return undefined;
  }

  private textOf(name: string, value: unknown): string | undefined {
    if (isPlainText(value)) return value;
    if (typeof value !== 'string') {
      this.complain(name, 'must be a string');
    } else if (value === '') {
      this.complain(name, 'must not be empty; leave it out if there is none');
    } else if (hasForbidden(value)) {
      this.complain(name, 'must not have control characters or lone surrogates');
    } else if (isTooLong(value)) {
      this.complain(name, `must not be longer than ${EVENT_LIMITS.attributeBytes.value} bytes`);
    } else {
      return value;
    }
    return undefined;
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
      this.addExtension(name, text);
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
    if (this.extensionCount <= extensions.value) this.addExtension(name, text);
  }

  private addExtension(name: string, text: string): void {
    this.extensions ??= Object.create(null) as Record<string, string>;
    this.extensions[name] = text;
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
