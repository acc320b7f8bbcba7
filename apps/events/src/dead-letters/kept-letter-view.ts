import { isUtf8 } from 'node:buffer';
import { formatTime, type Problem } from '@tidings/catalogue';
import { FIRST_RECORD_TIME_MS, LAST_RECORD_TIME_MS } from '../ingest/dead-letter-row.js';
import type { KeptHeader, KeptLetter, KeptLetterSummary } from './kept-letter.js';

/** A dead letter in a list. */
export interface SummaryView {
  readonly id: number;
  readonly reason: string;
  readonly detail: string;
  readonly kafka_topic: string;
  readonly kafka_partition: number;
  readonly kafka_offset: number;
  /** Of its kafkaTopic; null where that names no known system. */
  readonly system: string | null;
  /** Null where the message does not tell it. */
  readonly site: string | null;
  /** What Kafka says of the message's time; null where it says none that a calendar has. */
  readonly record_time: string | null;
  /** When it became a dead letter. */
  readonly created: string;
  /** When it was last sent again. */
  readonly retried: string | null;
}

/** A dead letter, whole. */
export interface LetterView extends SummaryView {
  readonly problems: readonly Problem[];
  /** Parts of the message that could not be kept. */
  readonly omitted: readonly string[];
  readonly headers: Readonly<Record<string, KeptHeader>>;
  /** Null where there is none, and where it is not UTF-8: then only `key_base64` tells it. */
  readonly key: string | null;
  readonly key_base64: string | null;
  /** Null where there is none, and where it is not UTF-8: then only `value_base64` tells it. */
  readonly value: string | null;
  readonly value_base64: string | null;
}

export function summaryView(letter: KeptLetterSummary): SummaryView {
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

export function letterView(letter: KeptLetter): LetterView {
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

/** Kafka's word for none. */
const NO_TIME = -1_000n;

function recordTime(micros: bigint): string | null {
  const isOutside = micros <= BigInt(FIRST_RECORD_TIME_MS) * 1000n || micros >= BigInt(LAST_RECORD_TIME_MS) * 1000n;
  return isOutside || micros === NO_TIME ? null : formatTime(micros);
}

function textOf(bytes: Buffer | null): string | null {
  return bytes !== null && isUtf8(bytes) ? bytes.toString('utf8') : null;
}
