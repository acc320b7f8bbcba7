import { isUtf8 } from 'node:buffer';
import {
  ARRIVAL_TIME_EXTENSION,
  DEFAULT_MAX_EVENT_BYTES,
  DELIVERY_LIMITS,
  EVENT_LIMITS,
  eventUuid,
  HOPS_EXTENSION,
  hopsOf,
  identityKey,
  isNestedDeeper,
  parseTime,
  scopeKey,
  systemOfSource,
  isJsonObject,
  notesOf,
  type Catalogue,
  type EventReader,
  type EventType,
  type Problem,
} from '@tidings/catalogue';
import { decodeRecord, unprefixed, type EventAttributes, type IncomingRecord } from '@tidings/transport';
import type { DeadLetter, DeadLetterReason } from './dead-letter.js';
import type { EventRow } from './event-row.js';
import { searchTextOf } from './search-text.js';
import { storable } from './storable-text.js';
import { storedAttributes } from './stored-attributes.js';

/** What a message turned out to be. */
export type Reading = { readonly row: EventRow } | { readonly letter: DeadLetter };

/** Where a message lay. */
export interface RecordPlace {
  /** With the prefix. */
  readonly kafkaTopic: string;
  readonly partition: number;
}

export interface RecordReaderOptions {
  /** Of the kafkaTopics. */
  readonly prefix: string;
  /** The largest event, bytes of its JSON text; 1 MiB unless given. */
  readonly maxEventBytes?: number;
  /** What is older would be dropped at once, microseconds since the Unix epoch; undefined: nothing is ever dropped. */
  readonly oldestKept?: () => bigint | undefined;
}

/** A message holds attributes besides its event, and base64 takes a third more. */
const MESSAGE_BYTES_OF_AN_EVENT = 2;
/** Problems of one event that are kept; its payload decides how many there are. */
const MAX_PROBLEMS = 100;
/** Longer ones cannot be asked for, and an index cannot hold any length. */
const MAX_FACET = 512;

const NO_PROBLEMS: readonly Problem[] = [];

/** Why a message is no row. */
class Unfit extends Error {
  constructor(
    readonly reason: DeadLetterReason,
    readonly detail: string,
    readonly problems: readonly Problem[] = NO_PROBLEMS,
  ) {
    super(detail);
  }
}

/**
 * Reads one message into the row that it will be, or says why it is none. What a system sent natively is kept even when
 * nobody declared its type or its payload does not conform, because the system will not send it again; whoever writes to
 * Kafka himself is held to the catalogue.
 */
export class RecordReader {
  private readonly options: Required<RecordReaderOptions>;

  constructor(
    private readonly catalogue: Catalogue,
    options: RecordReaderOptions,
  ) {
    this.options = { maxEventBytes: DEFAULT_MAX_EVENT_BYTES, oldestKept: () => undefined, ...options };
  }

  /** Never throws. */
  read(record: IncomingRecord, place: RecordPlace): Reading {
    try {
      return { row: this.readDecoded(record, place) };
    } catch (error) {
      // Whatever this one message does to the code, it does to this one message.
      const { reason, detail, problems } = error instanceof Unfit ? error : unreadable(error);
      const { kafkaTopic, partition: kafkaPartition } = place;
      return { letter: { reason, detail, problems, kafkaTopic, kafkaPartition, record } };
    }
  }

  private readDecoded(record: IncomingRecord, place: RecordPlace): EventRow {
    this.checkSize(record.value?.length ?? 0, this.options.maxEventBytes * MESSAGE_BYTES_OF_AN_EVENT);
    const decoded = decodeRecord(record);
    switch (decoded.kind) {
      case 'event':
        return this.readEvent(decoded.event, decoded.data, decoded.native, record, place);
      case 'raw-native': {
        // Not stored even if it can be read by now: only a message that says what event it is reaches subscribers, too.
        const { system, problem } = decoded.raw;
        throw new Unfit('unusable_native_event', `A native event of ${system} is unusable: ${problem}.`);
      }
      case 'undecodable':
        throw new Unfit('not_an_event', 'It is not a CloudEvent.', decoded.problems);
    }
  }

  private readEvent(
    event: EventAttributes,
    data: Buffer,
    native: boolean,
    record: IncomingRecord,
    place: RecordPlace,
  ): EventRow {
    this.checkSize(data.length, this.options.maxEventBytes);
    checkHops(event);
    const micros = this.timeOf(event);
    const payload = payloadOf(data);
    const declared = this.declaredType(event, native, place);
    const problems = [...(native ? notesOf(event) : NO_PROBLEMS), ...(declared?.validate(payload) ?? NO_PROBLEMS)];
    if (problems.length > 0 && !native) {
      throw new Unfit('invalid_payload', `Its payload does not fit ${event.type}.`, problems);
    }
    const type = declared ?? this.catalogue.undeclaredReader(this.systemOf(event, place) ?? 'api', event.type);
    const key = identityKey(event.source, event.id);
    const subject = event.subject ?? type.subjectOf(payload);
    const message = storable(type.messageOf(payload) ?? '');
    return {
      key,
      id: eventUuid(micros, key),
      micros,
      isArrivalTime: event.extensions?.[ARRIVAL_TIME_EXTENSION] !== undefined,
      type,
      isDeclared: declared !== undefined,
      source: event.source,
      kafkaTopic: place.kafkaTopic,
      kafkaPartition: place.partition,
      record,
      tenant: keyOf(type, type.scopeOf('tenant', payload)),
      project: keyOf(type, type.scopeOf('project', payload)),
      actor: keyOf(type, type.scopeOf('actor', payload)),
      relatedUser: keyOf(type, type.facetOf('relatedUser', payload)),
      authMethod: facet(type.facetOf('authMethod', payload)),
      personalToken: facet(type.facetOf('personalToken', payload)),
      outcome: type.outcomeOf(payload),
      eventId: storable(event.id),
      subject: subject === undefined ? undefined : storable(subject),
      message,
      searchText: searchTextOf(message, this.contextOf(type, payload)),
      data,
      attributes: storedAttributes(event, declared?.dataschema),
      problems: problems.length > MAX_PROBLEMS ? problems.slice(0, MAX_PROBLEMS) : problems,
    };
  }

  /** Kafka's own limit is for compressed messages: what they unpack to is measured here. */
  private checkSize(bytes: number, most: number): void {
    if (bytes <= most) return;
    const problem = `is ${bytes} bytes long, and ${most} are allowed (TIDINGS_MAX_EVENT_BYTES); send less`;
    throw new Unfit('too_large', 'It is too large.', [{ field: 'data', problem }]);
  }

  private timeOf({ time }: EventAttributes): bigint {
    const micros = parseTime(time);
    if (micros === undefined) {
      const problem = 'must be an RFC 3339 date-time with a zone, such as 2026-11-02T08:01:53Z';
      throw new Unfit('not_an_event', 'Its time is unusable.', [{ field: 'time', problem }]);
    }
    const oldest = this.options.oldestKept();
    if (oldest !== undefined && micros < oldest) {
      const problem = `is ${time}, and events of that month are not kept any more (TIDINGS_RETENTION_DAYS)`;
      throw new Unfit('older_than_retention', 'It would be dropped at once.', [{ field: 'time', problem }]);
    }
    return micros;
  }

  /** @returns undefined for a native event of a type that nobody declared */
  private declaredType(event: EventAttributes, native: boolean, place: RecordPlace): EventType | undefined {
    const { type, source } = event;
    const declared = this.catalogue.type(type);
    if (native) {
      // A system names the types of its native events itself; it must not be one of another system.
      const system = this.systemOf(event, place);
      return declared === undefined || system === undefined || declared.system === system ? declared : undefined;
    }
    if (declared === undefined) {
      const nearest = this.catalogue.nearest(type);
      const hint = nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`;
      const problem = `no such event type is declared.${hint}`;
      throw new Unfit('unknown_type', `Nobody declared the type ${type}.`, [{ field: 'type', problem }]);
    }
    const foreign = this.catalogue.foreignSystem(source, declared.system);
    if (foreign !== undefined) {
      const problem = `names the system ${foreign}, and ${type} is of ${declared.system}; use a source of that system`;
      throw new Unfit('foreign_source', 'Its source speaks for another system.', [{ field: 'source', problem }]);
    }
    return declared;
  }

  /** What the system shows of an event as its context: a member of the payload, or all of it. */
  private contextOf({ system }: EventReader, payload: unknown): unknown {
    const field = this.catalogue.system(system)?.contextField;
    return field === undefined || !isJsonObject(payload) ? payload : payload[field];
  }

  /** The known system that the kafkaTopic names, which is not the sender's to choose, or else the source. */
  private systemOf({ source }: EventAttributes, place: RecordPlace): string | undefined {
    const [, ofTopic] = unprefixed(this.options.prefix, place.kafkaTopic)?.split('.') ?? [];
    return [ofTopic, systemOfSource(source)].find(
      (name): name is string => name !== undefined && this.catalogue.system(name) !== undefined,
    );
  }
}

function unreadable(error: unknown): Pick<Unfit, 'reason' | 'detail' | 'problems'> {
  const what = error instanceof Error ? error.message : String(error);
  return { reason: 'not_an_event', detail: `It cannot be read: ${what}.`, problems: NO_PROBLEMS };
}

/** An event that comes in as often as it is delivered would go round for ever. */
function checkHops({ extensions }: EventAttributes): void {
  if (extensions === undefined) return;
  const most = DELIVERY_LIMITS.hops.value;
  if (hopsOf(extensions[HOPS_EXTENSION]) <= most) return;
  const problem = `says that ${most} deliveries have led to it and more; look which destination sends to this Kafka`;
  throw new Unfit('not_an_event', 'It goes round in a loop.', [{ field: HOPS_EXTENSION, problem }]);
}

function payloadOf(data: Buffer): unknown {
  if (!isUtf8(data)) {
    throw new Unfit('not_an_event', 'Its data is not UTF-8.', [{ field: 'data', problem: 'must be UTF-8' }]);
  }
  const levels = EVENT_LIMITS.depth.value;
  if (isNestedDeeper(data, levels)) {
    const problem = `is nested more than ${levels} levels deep; flatten it`;
    throw new Unfit('not_an_event', 'Its data is nested too deep.', [{ field: 'data', problem }]);
  }
  return JSON.parse(data.toString('utf8'));
}

function keyOf(type: EventReader, value: string | undefined): string | undefined {
  return value === undefined ? undefined : scopeKey(type.system, value);
}

function facet(text: string | undefined): string | undefined {
  return text === undefined || text.length > MAX_FACET ? undefined : storable(text);
}
