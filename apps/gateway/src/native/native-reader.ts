import {
  isJsonObject,
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
import { readJsonText } from '../body/json-text.js';
import { identityOf, type Kept, type Reading } from '../intake/reading.js';

/** A system whose own events can be taken in. */
export interface NativeSystem extends SystemDefinition {
  readonly native: NativeFormat;
}

export interface NativeSender {
  readonly system: NativeSystem;
  readonly site: string;
  readonly trace: TraceContext | undefined;
}

/**
 * Makes events of one sender's native ones. A system will not send an event again, so nothing is turned away that is
 * JSON: an unknown type is kept uncatalogued, one that does not conform is kept and marked, and one that cannot be an
 * event goes on as it came, for ingest to make a dead letter of it.
 */
export class NativeReader {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly prefix: string,
    private readonly sender: NativeSender,
  ) {}

  /** @param bytes one JSON text */
  read(bytes: Buffer): Reading {
    const reading = readJsonText(bytes);
    if ('failure' in reading) {
      const problems = [{ field: '', problem: reading.problem }];
      if (reading.failure === 'too_deep') return this.deadLetter(bytes, problems);
      return { status: 'rejected', code: 'malformed_json', system: this.sender.system.name, problems };
    }
    const native = this.readNative(reading.json.exact);
    if ('rejection' in native) {
      const { field, problem } = native.rejection;
      return this.deadLetter(bytes, [{ field, problem }]);
    }
    return this.keep(withTraceContext(native.event, this.sender.trace), reading.json);
  }

  private readNative(native: unknown): NativeReading {
    if (!isJsonObject(native)) {
      return { rejection: { kind: 'shape', field: '', problem: 'an event is a JSON object' } };
    }
    try {
      return this.sender.system.native.read(native, this.sender.site);
    } catch (error) {
      // A team's own format may not have thought of everything; one such event must not fail its neighbours.
      const reason = error instanceof Error ? error.message : String(error);
      return { rejection: { kind: 'shape', field: '', problem: `cannot be read: ${reason}` } };
    }
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
    if (declared === undefined) return { status: 'uncatalogued', system, event: identity, record };
    const problems = declared.validate(this.plainData(data, json));
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
    const problem = problems.map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`)).join('; ');
    const record = encodeRawNative(
      prefixed(this.prefix, uncataloguedTopic(system)),
      { system, site: this.sender.site, problem },
      bytes,
    );
    return { status: 'dead_letter', system, record, problems };
  }
}
