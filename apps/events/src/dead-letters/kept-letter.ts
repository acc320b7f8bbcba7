import type { Problem } from '@tidings/catalogue';
import type { DeadLetterReason } from '../ingest/dead-letter.js';

/** What a list tells of a dead letter. Times are microseconds since the Unix epoch. */
export interface KeptLetterSummary {
  readonly id: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  /** With the prefix. */
  readonly kafkaTopic: string;
  readonly kafkaPartition: number;
  readonly kafkaOffset: string;
  readonly recordTime: bigint;
  readonly createdAt: bigint;
  readonly retriedAt: bigint | undefined;
}

/** A header as it is kept: text where it was UTF-8, and a list where its name came several times. */
export type KeptHeader = KeptHeaderValue | readonly KeptHeaderValue[];
export type KeptHeaderValue = string | { readonly base64: string };

/** A dead letter with the message that it was. */
export interface KeptLetter extends KeptLetterSummary {
  readonly problems: readonly Problem[];
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, KeptHeader>>;
}

/** Which dead letters are asked for. Whatever is missing does not narrow. */
export interface KeptLetterFilter {
  readonly reasons?: readonly string[];
  /** With the prefix. */
  readonly kafkaTopics?: readonly string[];
  /** Seconds since the Unix epoch, of their arrival here; from here on. */
  readonly createdFrom?: bigint;
  /** Seconds since the Unix epoch; before this. */
  readonly createdTo?: bigint;
  /** Whether they have been sent again since. */
  readonly retried?: boolean;
}
