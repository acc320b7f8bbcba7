import type { Problem } from '@tidings/catalogue';
import type { DeadLetterReason, LetterPart } from '../ingest/dead-letter.js';

/** What a list tells of a dead letter. Times are microseconds since the Unix epoch. */
export interface KeptLetterSummary {
  readonly id: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  /** With the prefix. */
  readonly kafkaTopic: string;
  readonly kafkaPartition: number;
  readonly kafkaOffset: string;
  readonly system: string | undefined;
  readonly site: string | undefined;
  readonly recordTime: bigint;
  readonly createdAt: bigint;
  readonly retriedAt: bigint | undefined;
}

/** A header as it is kept: text where it was UTF-8, null where it had no value, a list where its name came several times. */
export type KeptHeader = KeptHeaderValue | readonly KeptHeaderValue[];
export type KeptHeaderValue = string | { readonly base64: string } | null;

/** A dead letter with the message that it was. */
export interface KeptLetter extends KeptLetterSummary {
  readonly problems: readonly Problem[];
  /** Parts of the message that are not kept. */
  readonly omitted: readonly LetterPart[];
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

/** Whose dead letters a caller may see: of a system, or of one of its sites. */
export interface LetterScope {
  readonly system: string;
  /** Undefined: of all its sites, and those that name none. */
  readonly site?: string;
}
