import { mayPublishAs } from '@tidings/access';
import {
  EVENT_LIMITS,
  isJsonObject,
  readAttributes,
  systemOfSource,
  type Catalogue,
  type EventType,
  type GivenAttribute,
  type JsonObject,
  type Problem,
  type SaidAttributes,
} from '@tidings/catalogue';
import { encodeEvent, memberText, prefixed, type EventAttributes } from '@tidings/transport';
import { readJsonText } from '../body/json-text.js';
import { hopsProblem, withHops } from '../intake/hops.js';
import { identityOf, NO_SYSTEM, type Reading, type Rejected, type RejectionCode } from '../intake/reading.js';
import { publishingProblem } from './publishing-right.js';
import { withTraceContext, type TraceContext } from './trace-context.js';

/** Comparing a name with all declared ones costs a millisecond: the first few of a request are helped, the rest counted. */
const MAX_SUGGESTIONS = 10;

/** Names a source of the notification API: whoever sets it notifies the source's instance, as if it had sent the event. */
const API_SOURCE_EXTENSION = 'ibmensourceid';
const API_SYSTEM = 'api';

/** An event's data: the text that travels, and the value that is checked. */
interface EventData {
  readonly text: string;
  readonly plain: unknown;
}

/** What is said of data that cannot be used. */
interface DataProblem {
  readonly code: RejectionCode;
  readonly problem: Problem;
}

/** Who sent a request, as far as its events depend on it. */
export interface EventSender {
  readonly trace: TraceContext | undefined;
  /** How many deliveries have led to it. */
  readonly hops: number;
  /** As which sources they may publish: see `mayPublishAs`. */
  readonly sources: readonly string[];
}

/**
 * Reads the CloudEvents of one request. Their senders can be told what is wrong and send them again, so an event of an
 * unknown type, or one that does not conform, is turned away.
 */
export class CloudEventReader {
  private suggestionsLeft = MAX_SUGGESTIONS;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly prefix: string,
    private readonly sender: EventSender,
  ) {}

  /** Reads an event in the JSON event format. @param bytes one JSON text */
  readStructured(bytes: Buffer): Reading {
    // The event around its data is a level of its own.
    const reading = readJsonText(bytes, EVENT_LIMITS.depth.value + 1);
    if ('failure' in reading) return turnedAway(codeOf(reading.failure), [{ field: '', problem: reading.problem }]);
    const { plain } = reading;
    if (!isJsonObject(plain)) {
      return turnedAway('unprocessable_event', [{ field: '', problem: 'a CloudEvent is a JSON object' }]);
    }
    const given = Object.entries(plain).filter(([name]) => name !== 'data' && name !== 'data_base64');
    return this.read(given, () => structuredData(reading.text, plain));
  }

  /**
   * Reads an event in binary mode.
   * @param given its attributes, decoded from the headers
   * @param body its data, JSON text; passed on byte by byte
   */
  readBinary(given: Iterable<GivenAttribute>, body: Buffer): Reading {
    return this.read(given, () => dataOfText(body));
  }

  private read(given: Iterable<GivenAttribute>, dataOf: () => EventData | DataProblem): Reading {
    const all = [...given];
    const checked = readAttributes(all);
    if ('problems' in checked) {
      const code = checked.isUnsupported ? 'unsupported_media_type' : 'unprocessable_event';
      const [, mediaType] = all.find(([name]) => name === 'datacontenttype') ?? [];
      const rejected = turnedAway(code, checked.problems, checked.said);
      return typeof mediaType === 'string' ? { ...rejected, mediaType } : rejected;
    }
    const { attributes } = checked;
    const declared = this.catalogue.type(attributes.type);
    // Of a type that nobody declared, only the source can be foreign.
    const system = declared?.system ?? systemOfSource(attributes.source) ?? '';
    const foreign = publishingProblem(this.sender, { ...attributes, system }, this.catalogue);
    if (foreign !== undefined) return turnedAway('source_not_allowed', [foreign], attributes);
    // Events of other systems are not looked up by it, and IBM's own carry it as well.
    const notified = system === API_SYSTEM ? attributes.extensions?.[API_SOURCE_EXTENSION] : undefined;
    if (notified !== undefined && !mayPublishAs(this.sender, notified)) {
      const problem = 'names a source that this token may not publish as; use one of its own, or a token for this one';
      return turnedAway('source_not_allowed', [{ field: API_SOURCE_EXTENSION, problem }], attributes);
    }
    const loop = hopsProblem(attributes);
    if (loop !== undefined) return turnedAway('unprocessable_event', [loop], attributes, declared?.system);
    if (declared === undefined) return this.unknownType(attributes);
    const data = dataOf();
    if ('code' in data) return turnedAway(data.code, [data.problem], attributes, declared.system);
    const problems = declared.validate(data.plain);
    if (problems.length > 0) {
      const inData = problems.map(({ field, problem }) => ({
        field: field === '' ? 'data' : `data.${field}`,
        problem,
      }));
      const told = isJsonText(data.plain) ? [JSON_IN_TEXT] : inData;
      return turnedAway('unprocessable_event', told, attributes, declared.system);
    }
    const traced = withTraceContext(withDefaults(attributes, declared, data.plain), this.sender.trace);
    const event = withHops(traced, this.sender.hops);
    const record = encodeEvent(prefixed(this.prefix, declared.kafkaTopic), event, data.text);
    return { status: 'accepted', system: declared.system, event: identityOf(event), record };
  }

  private unknownType(attributes: EventAttributes): Rejected {
    let problem = 'is not declared in the catalogue; GET /api/catalogue/ lists what is';
    if (this.suggestionsLeft > 0) {
      this.suggestionsLeft -= 1;
      const nearest = this.catalogue.nearest(attributes.type);
      if (nearest.length > 0) problem = `is not declared in the catalogue; did you mean ${nearest.join(' or ')}?`;
    }
    return turnedAway('unknown_event_type', [{ field: 'type', problem }], attributes);
  }
}

const JSON_IN_TEXT: Problem = { field: 'data', problem: 'is JSON inside a text; send it as JSON, without the quotes' };

/** Senders that make their own JSON of the data, and then JSON of that, send a text. */
function isJsonText(data: unknown): boolean {
  if (typeof data !== 'string' || !/^\s*[{[]/.test(data)) return false;
  return !('failure' in readJsonText(Buffer.from(data)));
}

function withDefaults(attributes: EventAttributes, declared: EventType, data: unknown): EventAttributes {
  const subject = attributes.subject ?? declared.subjectOf(data);
  return {
    ...attributes,
    ...(subject !== undefined && { subject }),
    dataschema: attributes.dataschema ?? declared.dataschema,
  };
}

function structuredData(text: string, event: JsonObject): EventData | DataProblem {
  const base64 = event['data_base64'] ?? undefined;
  if (base64 === undefined) {
    const data = Object.hasOwn(event, 'data') ? memberText(text, 'data') : undefined;
    return data === undefined ? unprocessable('data', 'is required') : { text: data, plain: event['data'] };
  }
  if (Object.hasOwn(event, 'data')) return unprocessable('data_base64', 'must not stand beside data; leave one out');
  if (typeof base64 !== 'string' || !isBase64(base64))
    return unprocessable('data_base64', 'must be base64 as RFC 4648 has it, with + and / and padded with =');
  return dataOfText(Buffer.from(base64, 'base64'), 'data_base64');
}

function dataOfText(bytes: Buffer, field = 'data'): EventData | DataProblem {
  if (bytes.length === 0) return unprocessable(field, 'is required: the payload as JSON');
  const reading = readJsonText(bytes);
  if ('failure' in reading) return { code: codeOf(reading.failure), problem: { field, problem: reading.problem } };
  return reading;
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function codeOf(failure: 'not_json' | 'too_deep'): RejectionCode {
  return failure === 'not_json' ? 'malformed_json' : 'unprocessable_event';
}

function unprocessable(field: string, problem: string): DataProblem {
  return { code: 'unprocessable_event', problem: { field, problem } };
}

function turnedAway(
  code: RejectionCode,
  problems: readonly Problem[],
  said?: SaidAttributes,
  system: string = NO_SYSTEM,
): Rejected {
  return { status: 'rejected', code, problems, system, ...(said !== undefined && { event: identityOf(said) }) };
}
