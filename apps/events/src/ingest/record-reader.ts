import {
  ARRIVAL_TIME_EXTENSION,
  eventUuid,
  identityKey,
  isJsonObject,
  notesOf,
  scopeKey,
  type Catalogue,
  type EventReader,
  type Problem,
} from '@tidings/catalogue';
import { JudgedEvent, RecordJudge, type IncomingRecord, type RecordJudgeOptions } from '@tidings/transport';
import type { DeadLetter } from './dead-letter.js';
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

export interface RecordReaderOptions extends RecordJudgeOptions {
  /** What is older would be dropped at once, microseconds since the Unix epoch; undefined: nothing is ever dropped. */
  readonly oldestKept?: () => bigint | undefined;
}

/** Problems of one event that are kept; its payload decides how many there are. */
const MAX_PROBLEMS = 100;
/** Longer ones cannot be asked for, and an index cannot hold any length. */
const MAX_FACET = 512;

const NO_PROBLEMS: readonly Problem[] = [];

/** Why a message is no row. */
type Unfitness = Pick<DeadLetter, 'reason' | 'detail' | 'problems'>;

/**
 * Reads one message into the row that it will be, or says why it is none: because it is not taken as an event by anybody,
 * or because the store does not keep it.
 */
export class RecordReader {
  private readonly judge: RecordJudge;
  private readonly oldestKept: () => bigint | undefined;

  constructor(
    private readonly catalogue: Catalogue,
    options: RecordReaderOptions,
  ) {
    this.judge = new RecordJudge(catalogue, options);
    this.oldestKept = options.oldestKept ?? (() => undefined);
  }

  /** Never throws. */
  read(record: IncomingRecord, place: RecordPlace): Reading {
    try {
      return this.readJudged(record, place);
    } catch (error) {
      // Whatever this one message does to the code, it does to this one message.
      return { letter: letterOf(unreadable(error), record, place) };
    }
  }

  private readJudged(record: IncomingRecord, place: RecordPlace): Reading {
    const judged = this.judge.judge(record, place.kafkaTopic);
    if (!(judged instanceof JudgedEvent)) return { letter: letterOf(judged.refused, record, place) };
    const unfitness = this.tooOld(judged) ?? judged.refusal();
    if (unfitness !== undefined) return { letter: letterOf(unfitness, record, place) };
    return { row: this.rowOf(judged, record, place) };
  }

  private rowOf(judged: JudgedEvent, record: IncomingRecord, place: RecordPlace): EventRow {
    const { attributes: event, micros, data, isNative, declared, reader: type } = judged;
    const payload = judged.payload();
    const problems = isNative ? [...notesOf(event), ...judged.problems()] : NO_PROBLEMS;
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

  private tooOld({ attributes, micros }: JudgedEvent): Unfitness | undefined {
    const oldest = this.oldestKept();
    if (oldest === undefined || micros >= oldest) return undefined;
    const problem = `is ${attributes.time}, and events of that month are not kept any more (TIDINGS_RETENTION_DAYS)`;
    return {
      reason: 'older_than_retention',
      detail: 'It would be dropped at once.',
      problems: [{ field: 'time', problem }],
    };
  }

  /** What the system shows of an event as its context: a member of the payload, or all of it. */
  private contextOf({ system }: EventReader, payload: unknown): unknown {
    const field = this.catalogue.system(system)?.contextField;
    return field === undefined || !isJsonObject(payload) ? payload : payload[field];
  }
}

function letterOf(
  { reason, detail, problems }: Unfitness,
  record: IncomingRecord,
  { kafkaTopic, partition: kafkaPartition }: RecordPlace,
): DeadLetter {
  return { reason, detail, problems, kafkaTopic, kafkaPartition, record };
}

function unreadable(error: unknown): Unfitness {
  const what = error instanceof Error ? error.message : String(error);
  return { reason: 'not_an_event', detail: `It cannot be read: ${what}.`, problems: NO_PROBLEMS };
}

function keyOf(type: EventReader, value: string | undefined): string | undefined {
  return value === undefined ? undefined : scopeKey(type.system, value);
}

function facet(text: string | undefined): string | undefined {
  return text === undefined || text.length > MAX_FACET ? undefined : storable(text);
}
