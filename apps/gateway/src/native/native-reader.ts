import {
  notesOf,
  problemText,
  readNativeEvent,
  stringifyJson,
  uncataloguedTopic,
  type Catalogue,
  type JsonObject,
  type LifecycleEvent,
  type NativeFormat,
  type NativeReading,
  type ParsedJson,
  type Problem,
  type SystemDefinition,
} from '@tidings/catalogue';
import { encodeEvent, encodeRawNative, prefixed } from '@tidings/transport';
import { withTraceContext, type TraceContext } from '../cloud-events/trace-context.js';
import { readExactJson } from '../body/json-text.js';
import { hopsProblem, withHops } from '../intake/hops.js';
import { identityOf, type Kept } from '../intake/reading.js';

/** A system whose own events can be taken in. */
export interface NativeSystem extends SystemDefinition {
  readonly native: NativeFormat;
}

export interface NativeSender {
  readonly system: NativeSystem;
  readonly site: string;
  readonly trace: TraceContext | undefined;
  /** How many deliveries have led to it. */
  readonly hops: number;
}

/**
 * Makes events of one sender's native ones. A system will not send an event again, so nothing is turned away: an unknown type is kept uncatalogued, one that does not conform is kept and marked, and one that cannot be an
 * event goes on as it came, for ingest to make a dead letter of it.
 */
export class NativeReader {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly prefix: string,
    private readonly sender: NativeSender,
  ) {}

  /** @param bytes one text, JSON or not */
  read(bytes: Buffer): Kept {
    const json = readExactJson(bytes);
    if ('failure' in json) return this.putAside(bytes, json.problem);
    const native = this.readNative(json.exact);
    if ('rejection' in native) {
      const { field, problem } = native.rejection;
      return this.deadLetter(bytes, [{ field, problem }]);
    }
    const loop = hopsProblem(native.event);
    if (loop !== undefined) return this.deadLetter(bytes, [loop]);
    const event = withHops(withTraceContext(native.event, this.sender.trace), this.sender.hops);
    return this.keep(event, json);
  }

  /** Makes a dead letter. @param bytes as much of it as is to be kept @param problem why it cannot be used */
  putAside(bytes: Buffer, problem: string): Kept {
    return this.deadLetter(bytes, [{ field: '', problem }]);
  }

  private readNative(native: unknown): NativeReading {
    return readNativeEvent(this.sender.system.native, native, this.sender.site);
  }

  private keep(event: LifecycleEvent<JsonObject>, json: ParsedJson): Kept {
    const { data, ...attributes } = event;
    const system = this.sender.system.name;
    // A wrapped event names its type itself; it must not be one of another system.
    const named = this.catalogue.type(event.type);
    const declared = named?.system === system ? named : undefined;
    const topic = declared?.kafkaTopic ?? uncataloguedTopic(system);
    const record = encodeEvent(prefixed(this.prefix, topic), attributes, stringifyJson(data), 'native');
    const identity = identityOf(attributes);
    const notes = notesOf(attributes);
    if (declared === undefined) {
      const noted = notes.length > 0 ? { problems: notes } : {};
      return { status: 'uncatalogued', system, event: identity, record, ...noted };
    }
    const problems = [...notes, ...declared.validate(this.plainData(data, json))];
    if (problems.length > 0) return { status: 'non_conforming', system, event: identity, record, problems };
    return { status: 'accepted', system, event: identity, record };
  }

  /** The validator knows plain numbers only; the few events with others are read once more for it. */
  private plainData(exact: JsonObject, json: ParsedJson): unknown {
    if (json.plain === json.exact) return exact;
    const plain = this.readNative(json.plain);
    return 'event' in plain ? plain.event.data : exact;
  }

  private deadLetter(bytes: Buffer, problems: readonly Problem[]): Kept {
    const system = this.sender.system.name;
    const problem = problems.map(problemText).join('; ');
    const record = encodeRawNative(
      prefixed(this.prefix, uncataloguedTopic(system)),
      { system, site: this.sender.site, problem },
      bytes,
    );
    return { status: 'dead_letter', system, record, problems };
  }
}
