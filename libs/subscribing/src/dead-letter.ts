import {
  decodeRecord,
  type EventAttributes,
  type HeaderValue,
  type IncomingRecord,
  type OutgoingRecord,
} from '@tidings/transport';

const MARK = 'tidings-dead-letter-';
/** A header is no place for a stack trace. */
const MAX_REASON = 2_000;
/** What tells one event from another. */
const ATTRIBUTES: ReadonlySet<string> = new Set(['ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_subject']);

/** What a dead letter says of itself beside the message that it is. */
export interface DeadLetterMarks {
  readonly reason: string;
  /** Whose failure it is: other handlers of the same event may have taken it. */
  readonly handler: string;
  readonly kafkaTopic: string;
  readonly partition: number;
  readonly offset: string;
  readonly attempts: number;
  /** When it was put aside, RFC 3339. */
  readonly time: string;
}

/** A dead letter as it is listed. */
export interface DeadLetter extends DeadLetterMarks {
  /** Undefined where it is no event any more. */
  readonly event: EventAttributes | undefined;
  /** The data as it came. */
  readonly data: string;
}

/** The message as it came, with the marks as headers. @param deadLetterTopic with the prefix */
export function deadLetterRecord(
  deadLetterTopic: string,
  record: IncomingRecord,
  marks: DeadLetterMarks,
): OutgoingRecord {
  return {
    kafkaTopic: deadLetterTopic,
    key: record.key,
    value: record.value,
    headers: {
      ...originalHeaders(record),
      [`${MARK}reason`]: marks.reason.slice(0, MAX_REASON),
      [`${MARK}handler`]: marks.handler,
      [`${MARK}topic`]: marks.kafkaTopic,
      [`${MARK}partition`]: String(marks.partition),
      [`${MARK}offset`]: marks.offset,
      [`${MARK}attempts`]: String(marks.attempts),
      [`${MARK}time`]: marks.time,
    },
  };
}

/** A dead letter once more, as it is: read by its group, it would be gone. @param deadLetterTopic with the prefix */
export function sameDeadLetter(deadLetterTopic: string, record: IncomingRecord): OutgoingRecord {
  const { key, value } = record;
  return { kafkaTopic: deadLetterTopic, key, value, headers: Object.fromEntries(headersOf(record)) };
}

/**
 * The last resort for a letter that the broker will never take: what it says of itself and the attributes of its event,
 * without the message that it was.
 * @param problem why it is not taken
 */
export function bareDeadLetter(letter: OutgoingRecord, problem: string): OutgoingRecord {
  const kept = Object.entries(letter.headers).filter(
    ([name, value]) => name.startsWith(MARK) || (ATTRIBUTES.has(name) && String(value).length <= MAX_REASON),
  );
  return {
    kafkaTopic: letter.kafkaTopic,
    key: null,
    value: null,
    headers: { ...Object.fromEntries(kept), [`${MARK}left-out`]: `the message: ${problem}`.slice(0, MAX_REASON) },
  };
}

/** What a message of the dead letter kafkaTopic says of itself; empty where somebody else wrote it. */
export function marksOfDeadLetter({ headers }: IncomingRecord): DeadLetterMarks {
  const text = (name: string): string => String(headers[MARK + name] ?? '');
  return {
    reason: text('reason'),
    handler: text('handler'),
    kafkaTopic: text('topic'),
    partition: Number(text('partition')),
    offset: text('offset'),
    attempts: Number(text('attempts')),
    time: text('time'),
  };
}

/** For people. */
export function readDeadLetter(record: IncomingRecord): DeadLetter {
  const decoded = decodeRecord(record);
  return {
    ...marksOfDeadLetter(record),
    event: decoded.kind === 'event' ? decoded.event : undefined,
    data: (decoded.kind === 'event' ? decoded.data : record.value)?.toString('utf8') ?? '',
  };
}

function originalHeaders(record: IncomingRecord): Record<string, HeaderValue> {
  return Object.fromEntries(headersOf(record).filter(([name]) => !name.startsWith(MARK)));
}

/** Without those that have no value: other producers write such headers, and ours do not. */
function headersOf({ headers }: IncomingRecord): (readonly [name: string, value: HeaderValue])[] {
  return Object.entries(headers as Readonly<Record<string, unknown>>).flatMap(([name, value]) => {
    const values = [value].flat().filter((one) => typeof one === 'string' || Buffer.isBuffer(one));
    const [first] = values;
    return first === undefined ? [] : [[name, values.length === 1 ? first : values] as const];
  });
}
