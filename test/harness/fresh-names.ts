import { randomBytes } from 'node:crypto';

/** Words that nobody else uses: tests side by side, on one broker and one database server, do not meet. */
export function freshName(): string {
  return `t${randomBytes(6).toString('hex')}`;
}

/** A prefix for topics and groups, for TIDINGS_PREFIX. */
export function freshPrefix(): string {
  return `${freshName()}.`;
}

/**
 * KAFKA_PARTITIONS of a test's apps: enough to show what several partitions change. All tests share one small broker,
 * and it keeps some 40 KB of heap for each partition that a test leaves behind.
 */
export const TEST_PARTITIONS = '2';
