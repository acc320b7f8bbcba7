import { ARRIVAL_TIME_EXTENSION, formatTime, nowMicros, parseTime, type Problem } from '@tidings/catalogue';
import type { EventAttributes } from '@tidings/transport';
import { isJsonMediaType, isUtf8Charset, parseMediaType } from '../body/media-type.js';

/** What is kept of a CloudEvent's context attributes, or why the event is turned away. */
export type AttributeReading =
  | { readonly attributes: EventAttributes }
  | { readonly problems: readonly Problem[]; readonly isUnsupported: boolean; readonly said: SaidAttributes };

/** The attributes that name an event, as far as they were given. */
export type SaidAttributes = Partial<Pick<EventAttributes, 'id' | 'source' | 'type' | 'time'>>;

/** An attribute as it was given: text in headers, any JSON value in a structured event. */
export type GivenAttribute = readonly [name: string, value: unknown];

/** The store indexes these; what is longer names nothing that a person could look for. */
const MAX_ATTRIBUTE_BYTES = 2_048;

const REQUIRED = ['id', 'source', 'type'] as const;
const EXTENSION_NAME = /^[a-z0-9]+$/;
const FORBIDDEN_CHARACTER = /[\p{Cc}\p{Cs}]/u;
const WHITE_SPACE = /\s/;

/** Checks context attributes by the rules of CloudEvents 1.0. A missing time becomes the present. */
export function readAttributes(given: Iterable<GivenAttribute>): AttributeReading {
  const checked = new AttributeCheck();
  for (const [name, value] of given) {
    // A JSON null means that the attribute is not set.
    if (value !== null && value !== undefined) checked.take(name, value);
  }
  return checked.result();
}

class AttributeCheck {
  private readonly problems: Problem[] = [];
  private readonly core: Record<string, string> = {};
  private readonly extensions: Record<string, string> = Object.create(null) as Record<string, string>;
  private hasExtensions = false;
  private isUnsupported = false;

  take(name: string, value: unknown): void {
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
    if (time === undefined) this.takeExtension(ARRIVAL_TIME_EXTENSION, 'true');
    return {
      attributes: {
        id,
        source,
        type,
        time: time ?? formatTime(nowMicros()),
        ...(subject !== undefined && { subject }),
        ...(dataschema !== undefined && { dataschema }),
        ...(this.hasExtensions && { extensions: this.extensions }),
      },
    };
  }

  private takeText(name: string, value: unknown): void {
    if (typeof value !== 'string') {
      this.complain(name, 'must be a string');
    } else if (value === '') {
      this.complain(name, 'must not be empty; leave it out if there is none');
    } else if (FORBIDDEN_CHARACTER.test(value)) {
      this.complain(name, 'must not have control characters or lone surrogates');
    } else if (Buffer.byteLength(value) > MAX_ATTRIBUTE_BYTES) {
      this.complain(name, `must not be longer than ${MAX_ATTRIBUTE_BYTES} bytes`);
    } else if ((name === 'source' || name === 'dataschema') && WHITE_SPACE.test(value)) {
      this.complain(name, 'must be a URI, without white space: percent-encode it');
    } else if (name === 'time' && parseTime(value) === undefined) {
      this.complain(name, 'must be an RFC 3339 time with a zone, such as 2026-11-02T08:01:53.204968Z');
    } else {
      this.core[name] = value;
    }
  }

  private takeContentType(value: unknown): void {
    const { essence, charset } = parseMediaType(typeof value === 'string' ? value : '');
    if (isJsonMediaType(essence) && isUtf8Charset(charset)) return;
    this.isUnsupported = true;
    this.complain('datacontenttype', 'must be application/json, or end in +json, in UTF-8: other data is not taken');
  }

  private takeExtension(name: string, value: unknown): void {
    if (!EXTENSION_NAME.test(name) || name === 'data') {
      this.complain(name, 'is no name of an attribute: those are lower-case letters and digits');
      return;
    }
    const text = typeof value === 'string' ? value : canonicalText(value);
    if (text === undefined) {
      this.complain(name, 'must be a string, a boolean or a whole number');
    } else if (FORBIDDEN_CHARACTER.test(text)) {
      this.complain(name, 'must not have control characters or lone surrogates');
    } else {
      this.extensions[name] = text;
      this.hasExtensions = true;
    }
  }

  private hasProblem(field: string): boolean {
    return this.problems.some((problem) => problem.field === field);
  }

  private complain(field: string, problem: string): void {
    this.problems.push({ field, problem });
  }
}

/** CloudEvents has no fractions: a boolean and a 32-bit integer are the only attributes besides strings. */
function canonicalText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && (value | 0) === value ? String(value) : undefined;
}
