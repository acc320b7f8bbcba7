import { isUtf8 } from 'node:buffer';
import { formatTime, type Problem } from '@tidings/catalogue';
import {
  AnyField,
  ChoiceField,
  ClassSchema,
  IntegerField,
  JsonObjectField,
  NUMBER_PATTERN,
  TextField,
} from '@tidings/openapi';
import { DEAD_LETTER_REASONS, LETTER_PARTS } from '../ingest/dead-letter.js';
import { FIRST_RECORD_TIME_MS, LAST_RECORD_TIME_MS } from '../ingest/dead-letter-row.js';
import type { KeptHeader, KeptLetter, KeptLetterSummary } from './kept-letter.js';

export class DeadLetterPath {
  @TextField({ description: 'Its number.', pattern: new RegExp(NUMBER_PATTERN), example: '7' })
  id!: string;
}

/** A dead letter in a list. */
export class DeadLetterSummary {
  @IntegerField({ example: 7 })
  id!: number;

  @ChoiceField(DEAD_LETTER_REASONS, { example: DEAD_LETTER_REASONS[0] })
  reason!: string;

  @TextField({ example: 'The value is not JSON.' })
  detail!: string;

  @TextField({ example: 'lifecycle.lxd.instance' })
  kafka_topic!: string;

  @IntegerField({ example: 0 })
  kafka_partition!: number;

  @IntegerField({ example: 12 })
  kafka_offset!: number;

  @TextField({ description: 'Of its Kafka topic; null if that is no known system’s.', nullable: true, example: 'lxd' })
  system!: string | null;

  @TextField({ description: 'Null if the message does not name it.', nullable: true, example: 'main' })
  site!: string | null;

  @TextField({
    description: 'Kafka’s time of the message; null if it has none, or one outside the calendar.',
    nullable: true,
    example: '2026-11-02T08:01:53.204Z',
  })
  record_time!: string | null;

  @TextField({ description: 'When it was dead-lettered.', example: '2026-11-02T08:01:53.4Z' })
  created!: string;

  @TextField({ description: 'When it was last sent again.', nullable: true, example: null })
  retried!: string | null;
}

/** A dead letter with its message. */
export class DeadLetterDetails extends DeadLetterSummary {
  @AnyField({ type: 'array', items: { type: 'object' } }, { example: [] })
  problems!: readonly Problem[];

  @AnyField(
    { type: 'array', items: { type: 'string', enum: LETTER_PARTS } },
    { description: 'Parts of the message that could not be stored.', example: [] },
  )
  omitted!: readonly string[];

  @JsonObjectField({ example: { ce_type: 'com.canonical.lxd.operation' } })
  headers!: Readonly<Record<string, KeptHeader>>;

  @TextField({
    description: 'Null without a key, and if it is not UTF-8: see `key_base64`.',
    nullable: true,
    example: null,
  })
  key!: string | null;

  @TextField({ nullable: true, example: null })
  key_base64!: string | null;

  @TextField({
    description: 'Null without a value, and if it is not UTF-8: see `value_base64`.',
    nullable: true,
    example: '{',
  })
  value!: string | null;

  @TextField({ nullable: true, example: 'ew==' })
  value_base64!: string | null;
}

/** What is different when a dead letter is sent again. The route reads it itself, to keep a JSON value as it is written. */
@ClassSchema({ example: { value: '{"type":"lifecycle"}' }, additionalProperties: false })
export class DeadLetterRepair {
  @AnyField(
    { anyOf: ['string', 'object', 'array', 'number', 'boolean'].map((type) => ({ type })) },
    { description: 'Replaces the original message: text, or JSON that is sent as it is written.', optional: true },
  )
  value?: unknown;

  @AnyField(
    { type: 'object', propertyNames: { minLength: 1 }, additionalProperties: { type: ['string', 'null'] } },
    {
      description: 'Replace original headers; null removes one. Those named tidings-… cannot be changed.',
      optional: true,
    },
  )
  headers?: Readonly<Record<string, KeptHeader>>;
}

export function summaryView(letter: KeptLetterSummary): DeadLetterSummary {
  return {
    id: Number(letter.id),
    reason: letter.reason,
    detail: letter.detail,
    kafka_topic: letter.kafkaTopic,
    kafka_partition: letter.kafkaPartition,
    kafka_offset: Number(letter.kafkaOffset),
    system: letter.system ?? null,
    site: letter.site ?? null,
    record_time: recordTime(letter.recordTime),
    created: formatTime(letter.createdAt),
    retried: letter.retriedAt === undefined ? null : formatTime(letter.retriedAt),
  };
}

export function letterView(letter: KeptLetter): DeadLetterDetails {
  return {
    ...summaryView(letter),
    problems: letter.problems,
    omitted: letter.omitted,
    headers: letter.headers,
    key: textOf(letter.key),
    key_base64: letter.key?.toString('base64') ?? null,
    value: textOf(letter.value),
    value_base64: letter.value?.toString('base64') ?? null,
  };
}

/** Kafka's value for no time. */
const NO_TIME = -1_000n;

function recordTime(micros: bigint): string | null {
  const isOutside = micros <= BigInt(FIRST_RECORD_TIME_MS) * 1000n || micros >= BigInt(LAST_RECORD_TIME_MS) * 1000n;
  return isOutside || micros === NO_TIME ? null : formatTime(micros);
}

function textOf(bytes: Buffer | null): string | null {
  return bytes !== null && isUtf8(bytes) ? bytes.toString('utf8') : null;
}
