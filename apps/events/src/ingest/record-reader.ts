import { isUtf8 } from 'node:buffer';
import {
  ARRIVAL_TIME_EXTENSION,
  eventUuid,
  identityKey,
  parseJson,
  parseTime,
  scopeKey,
  stringifyJson,
  systemOfSource,
  isJsonObject,
  type Catalogue,
  type EventReader,
  type Problem,
} from '@tidings/catalogue';
import { decodeRecord, unprefixed, type EventAttributes, type IncomingRecord } from '@tidings/transport';
import type { DeadLetter, DeadLetterReason } from './dead-letter.js';
import type { EventRow } from './event-row.js';
import { searchTextOf } from './search-text.js';

/** What a message turned out to be. */
export type Reading = { readonly row: EventRow } | { readonly letter: DeadLetter };

/** Where a message lay. */
export interface RecordPlace {
  /** With the prefix. */
  readonly kafkaTopic: string;
  readonly partition: number;
}

const NO_PROBLEMS: readonly Problem[] = [];

/**
 * Reads one message into the row that it will be, or says why it is none. What a system sent natively is kept even when
 * nobody declared its type or its payload does not conform, because the system will not send it again; whoever writes to
 * Kafka himself is held to the catalogue.
 */
export class RecordReader {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly prefix: string,
  ) {}

  read(record: IncomingRecord, place: RecordPlace): Reading {
    try {
      return this.readDecoded(record, place);
    } catch (error) {
      // Whatever this one message does to the code, it does to this one message.
      const detail = error instanceof Error ? error.message : String(error);
      return letter('not_an_event', `It cannot be read: ${detail}.`, NO_PROBLEMS, record, place);
    }
  }

  private readDecoded(record: IncomingRecord, place: RecordPlace): Reading {
    const decoded = decodeRecord(record);
    switch (decoded.kind) {
      case 'event':
        return this.readEvent(decoded.event, decoded.data, decoded.native, record, place);
      case 'raw-native':
        return this.readNative(decoded.raw.system, decoded.raw.site, decoded.raw.problem, record, place);
      case 'undecodable':
        return letter('not_an_event', 'It is no CloudEvent.', decoded.problems, record, place);
    }
  }

  /** A native event that the gateway could not use. It may have been repaired since, so it is read again. */
  private readNative(
    system: string,
    site: string,
    problem: string,
    record: IncomingRecord,
    place: RecordPlace,
  ): Reading {
    const format = this.catalogue.system(system)?.native;
    const native = record.value === null || !isUtf8(record.value) ? undefined : tryParse(record.value.toString('utf8'));
    if (format === undefined || !isJsonObject(native)) {
      return letter(
        'unusable_native_event',
        `A native event of ${system} is unusable: ${problem}.`,
        NO_PROBLEMS,
        record,
        place,
      );
    }
    const reading = format.read(native, site);
    if ('rejection' in reading) {
      const { field, problem: why } = reading.rejection;
      return letter(
        'unusable_native_event',
        `A native event of ${system} is unusable.`,
        [{ field, problem: why }],
        record,
        place,
      );
    }
    const { data, ...attributes } = reading.event;
    return this.readEvent(attributes, Buffer.from(stringifyJson(data)), true, record, place);
  }

  private readEvent(
    event: EventAttributes,
    data: Buffer,
    native: boolean,
    record: IncomingRecord,
    place: RecordPlace,
  ): Reading {
    const micros = parseTime(event.time);
    if (micros === undefined) {
      const problem = 'must be an RFC 3339 date-time with a zone, such as 2026-11-02T08:01:53Z';
      return letter('not_an_event', 'Its time is unusable.', [{ field: 'time', problem }], record, place);
    }
    if (!isUtf8(data)) {
      return letter(
        'not_an_event',
        'Its data is not UTF-8.',
        [{ field: 'data', problem: 'must be UTF-8' }],
        record,
        place,
      );
    }
    const payload: unknown = JSON.parse(data.toString('utf8'));
    const declared = this.catalogue.type(event.type);
    if (declared === undefined && !native) {
      const nearest = this.catalogue.nearest(event.type);
      const hint = nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`;
      const problem = `no such event type is declared.${hint}`;
      return letter(
        'unknown_type',
        `Nobody declared the type ${event.type}.`,
        [{ field: 'type', problem }],
        record,
        place,
      );
    }
    const problems = declared?.validate(payload) ?? NO_PROBLEMS;
    if (problems.length > 0 && !native) {
      return letter('invalid_payload', `Its payload does not fit ${event.type}.`, problems, record, place);
    }
    const type = declared ?? this.catalogue.undeclaredReader(this.systemOf(event, place), event.type);
    const key = identityKey(event.source, event.id);
    const subject = event.subject ?? type.subjectOf(payload);
    const message = storable(type.messageOf(payload)) ?? '';
    return {
      row: {
        key,
        id: eventUuid(micros, key),
        micros,
        isArrivalTime: event.extensions?.[ARRIVAL_TIME_EXTENSION] !== undefined,
        type,
        source: event.source,
        kafkaTopic: place.kafkaTopic,
        kafkaPartition: place.partition,
        record,
        tenant: keyOf(type, type.scopeOf('tenant', payload)),
        project: keyOf(type, type.scopeOf('project', payload)),
        actor: keyOf(type, type.scopeOf('actor', payload)),
        relatedUser: keyOf(type, type.facetOf('relatedUser', payload)),
        authMethod: storable(type.facetOf('authMethod', payload)),
        personalToken: storable(type.facetOf('personalToken', payload)),
        outcome: type.outcomeOf(payload),
        eventId: event.id,
        subject: storable(subject),
        message,
        searchText: searchTextOf(message, this.contextOf(type, payload)),
        data,
        attributes: attributesOf(event, declared?.dataschema),
        problems,
      },
    };
  }

  /** What the system shows of an event as its context: a member of the payload, or all of it. */
  private contextOf({ system }: EventReader, payload: unknown): unknown {
    const field = this.catalogue.system(system)?.contextField;
    return field === undefined || !isJsonObject(payload) ? payload : payload[field];
  }

  /** For a type that nobody declared: the system is in the kafkaTopic's name, or in the source's. */
  private systemOf(event: EventAttributes, place: RecordPlace): string {
    const [, ofTopic] = unprefixed(this.prefix, place.kafkaTopic)?.split('.') ?? [];
    const known = [ofTopic, systemOfSource(event.source)].find(
      (name): name is string => name !== undefined && this.catalogue.system(name) !== undefined,
    );
    return known ?? 'api';
  }
}

function letter(
  reason: DeadLetterReason,
  detail: string,
  problems: readonly Problem[],
  record: IncomingRecord,
  place: RecordPlace,
): Reading {
  return {
    letter: { reason, detail, problems, kafkaTopic: place.kafkaTopic, kafkaPartition: place.partition, record },
  };
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text).exact;
  } catch {
    return undefined;
  }
}

function keyOf(type: EventReader, value: string | undefined): string | undefined {
  return value === undefined ? undefined : scopeKey(type.system, value);
}

/** PostgreSQL's text holds every character but NUL. */
function storable(text: string | undefined): string | undefined {
  return text?.includes('\u0000') === true ? text.replaceAll('\u0000', '\uFFFD') : text;
}

const MICROSECOND_DIGITS = 6;

function attributesOf(event: EventAttributes, dataschema: string | undefined): string | undefined {
  const finer = fractionDigits(event.time) > MICROSECOND_DIGITS;
  const otherSchema = event.dataschema !== undefined && event.dataschema !== dataschema;
  if (!finer && !otherSchema && event.extensions === undefined) return undefined;
  const attributes = {
    ...(finer && { time: event.time }),
    ...(otherSchema && { dataschema: event.dataschema }),
    ...event.extensions,
  };
  return Object.keys(attributes).length === 0 ? undefined : JSON.stringify(attributes);
}

function fractionDigits(time: string): number {
  const point = time.indexOf('.');
  if (point < 0) return 0;
  let end = point + 1;
  while (end < time.length && time.charCodeAt(end) >= 48 && time.charCodeAt(end) <= 57) end += 1;
  return end - point - 1;
}
