import { withSessionLock } from '@tidings/database';
import type { HeaderValue } from '@tidings/transport';
import type { Pool, PoolClient } from 'pg';
import type { KeptHeader } from '../dead-letters/kept-letter.js';
import { sentHeaders } from '../dead-letters/sent-headers.js';

/** A dead letter that its kafkaTopic has not been told of yet. */
export interface UnannouncedLetter {
  readonly id: string;
  readonly reason: string;
  readonly detail: string;
  readonly kafkaTopic: string;
  readonly kafkaPartition: number;
  readonly kafkaOffset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, HeaderValue>>;
}

interface LetterRow {
  readonly id: string;
  readonly reason: string;
  readonly detail: string;
  readonly kafka_topic: string;
  readonly kafka_partition: number;
  readonly kafka_offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: string;
}

const LOCK = 'tidings.events.announcements';
const MOST_LETTERS = 500;
const MOST_BYTES = 4 * 1024 * 1024;

/** The oldest of them, as many as fit into the memory; the first in any case. */
const NEXT = `SELECT id, reason, detail, kafka_topic, kafka_partition, kafka_offset, key, value, headers::text
  FROM (SELECT letter.*, row_number() OVER oldest AS position,
      sum(coalesce(octet_length(value), 0) + coalesce(octet_length(key), 0) + octet_length(headers::text)) OVER oldest AS bytes
    FROM (SELECT * FROM events.dead_letter WHERE NOT announced ORDER BY id LIMIT ${MOST_LETTERS}) AS letter
    WINDOW oldest AS (ORDER BY id)) AS summed
  WHERE position = 1 OR bytes <= ${MOST_BYTES}
  ORDER BY id`;

/** Which dead letters have still to be told of on their kafkaTopic. */
export class AnnouncementRepository {
  constructor(private readonly pool: Pool) {}

  /**
   * Runs the work while no other process does the same.
   * @returns false when another one does
   */
  async alone(work: (client: PoolClient) => Promise<void>): Promise<boolean> {
    return withSessionLock(this.pool, LOCK, work);
  }

  async next(client: PoolClient): Promise<readonly UnannouncedLetter[]> {
    const { rows } = await client.query<LetterRow>(NEXT);
    return rows.map((row) => ({
      id: row.id,
      reason: row.reason,
      detail: row.detail,
      kafkaTopic: row.kafka_topic,
      kafkaPartition: row.kafka_partition,
      kafkaOffset: row.kafka_offset,
      key: row.key,
      value: row.value,
      headers: sentHeaders(Object.entries(JSON.parse(row.headers) as Record<string, KeptHeader>)),
    }));
  }

  async markAnnounced(client: PoolClient, ids: readonly string[]): Promise<void> {
    await client.query('UPDATE events.dead_letter SET announced = true WHERE id = ANY($1::bigint[])', [ids]);
  }
}
