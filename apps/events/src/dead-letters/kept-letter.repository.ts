import { Injectable } from '@nestjs/common';
import { type AuditEntry, writeAudit } from '@tidings/access';
import type { Problem } from '@tidings/catalogue';
import { inTransaction } from '@tidings/database';
import { Pool } from 'pg';
import type { PageRequest } from '@tidings/runtime';
import type { DeadLetterReason, LetterPart } from '../ingest/dead-letter.js';
import type { KeptHeader, KeptLetter, KeptLetterFilter, KeptLetterSummary, LetterScope } from './kept-letter.js';

// Times as microseconds in text: a Date would cut them to milliseconds.
const micros = (column: string): string => `(extract(epoch FROM ${column}) * 1000000)::bigint AS ${column}`;

const SUMMARY_COLUMNS = `id, reason, detail, kafka_topic, kafka_partition, kafka_offset, system, site, ${[
  'record_time',
  'created_at',
  'retried_at',
]
  .map(micros)
  .join(', ')}`;

interface SummaryRow {
  readonly id: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly kafka_topic: string;
  readonly kafka_partition: number;
  readonly kafka_offset: string;
  readonly system: string | null;
  readonly site: string | null;
  readonly record_time: string;
  readonly created_at: string;
  readonly retried_at: string | null;
}

interface LetterRow extends SummaryRow {
  readonly problems: string | null;
  readonly omitted: readonly LetterPart[] | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: string;
}

export interface KeptLetterPage {
  /** How many match, on whatever page. */
  readonly total: number;
  readonly letters: readonly KeptLetterSummary[];
}

/** Undefined: everybody's. */
export type LetterScopes = readonly LetterScope[] | undefined;

/** Reads dead letters, and what becomes of them. The ingest writes them. Ids are numbers that fit 64 bits, in text. */
@Injectable()
export class KeptLetterRepository {
  constructor(private readonly pool: Pool) {}

  /** Newest first. */
  async page(filter: KeptLetterFilter, scopes: LetterScopes, page: PageRequest): Promise<KeptLetterPage> {
    const { condition, values } = conditionOf(filter, scopes);
    const size = `$${values.push(page.size)}`;
    const offset =
      page.number === 'last'
        ? `(SELECT greatest((total - 1) / ${size} * ${size}, 0) FROM matching)`
        : `$${values.push(Math.min((page.number - 1) * page.size, Number.MAX_SAFE_INTEGER))}`;
    const { rows } = await this.pool.query<{ total: string } & (SummaryRow | { id: null })>(
      `WITH matching AS (SELECT count(*) AS total FROM events.dead_letter WHERE ${condition})
      SELECT matching.total, page.* FROM matching LEFT JOIN (
        SELECT ${SUMMARY_COLUMNS} FROM events.dead_letter WHERE ${condition}
        ORDER BY id DESC LIMIT ${size} OFFSET ${offset}
      ) AS page ON true
      ORDER BY page.id DESC`,
      values,
    );
    return {
      total: Number(rows[0]?.total ?? 0),
      letters: rows.flatMap((row) => (row.id === null ? [] : [summaryOf(row)])),
    };
  }

  async find(id: string, scopes: LetterScopes): Promise<KeptLetter | undefined> {
    const values: unknown[] = [id];
    const { rows } = await this.pool.query<LetterRow>(
      `SELECT ${SUMMARY_COLUMNS}, problems::text, omitted, key, value, headers::text FROM events.dead_letter
      WHERE id = $1 AND ${visible(scopes, values)}`,
      values,
    );
    const [row] = rows;
    return row === undefined ? undefined : letterOf(row);
  }

  /**
   * @param entry what the audit log is told: both are stored, or neither
   * @returns undefined when it has gone meanwhile
   */
  async markRetried(id: string, entry: AuditEntry): Promise<KeptLetterSummary | undefined> {
    return await inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<SummaryRow>(
        `UPDATE events.dead_letter SET retried_at = now() WHERE id = $1 RETURNING ${SUMMARY_COLUMNS}`,
        [id],
      );
      await writeAudit(client, entry);
      const [row] = rows;
      return row === undefined ? undefined : summaryOf(row);
    });
  }

  /** @returns whether there was such a letter; the audit log is told of it then */
  async remove(id: string, entry: AuditEntry): Promise<boolean> {
    return await inTransaction(this.pool, async (client) => {
      const { rowCount } = await client.query('DELETE FROM events.dead_letter WHERE id = $1', [id]);
      if (rowCount === 1) await writeAudit(client, entry);
      return rowCount === 1;
    });
  }
}

/** Adds the values that the condition names. */
function visible(scopes: LetterScopes, values: unknown[]): string {
  if (scopes === undefined) return 'true';
  const conditions = scopes.map(({ system, site }) => {
    const ofSystem = `system = $${values.push(system)}`;
    return site === undefined ? ofSystem : `(${ofSystem} AND site = $${values.push(site)})`;
  });
  return conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`;
}

function conditionOf(filter: KeptLetterFilter, scopes: LetterScopes): { condition: string; values: unknown[] } {
  const values: unknown[] = [];
  const conditions = [visible(scopes, values)];
  const { reasons, kafkaTopics, createdFrom, createdTo, retried } = filter;
  if (reasons !== undefined) conditions.push(`reason = ANY($${values.push(reasons)}::text[])`);
  if (kafkaTopics !== undefined) conditions.push(`kafka_topic = ANY($${values.push(kafkaTopics)}::text[])`);
  // Compared as numbers, because seconds may lie beyond what a timestamp can say.
  if (createdFrom !== undefined)
    conditions.push(`extract(epoch FROM created_at) >= $${values.push(String(createdFrom))}`);
  if (createdTo !== undefined) conditions.push(`extract(epoch FROM created_at) < $${values.push(String(createdTo))}`);
  if (retried !== undefined) conditions.push(`retried_at IS ${retried ? 'NOT NULL' : 'NULL'}`);
  return { condition: conditions.join(' AND '), values };
}

function summaryOf(row: SummaryRow): KeptLetterSummary {
  return {
    id: row.id,
    reason: row.reason,
    detail: row.detail,
    kafkaTopic: row.kafka_topic,
    kafkaPartition: row.kafka_partition,
    kafkaOffset: row.kafka_offset,
    system: row.system ?? undefined,
    site: row.site ?? undefined,
    recordTime: BigInt(row.record_time),
    createdAt: BigInt(row.created_at),
    retriedAt: row.retried_at === null ? undefined : BigInt(row.retried_at),
  };
}

function letterOf(row: LetterRow): KeptLetter {
  return {
    ...summaryOf(row),
    problems: row.problems === null ? [] : (JSON.parse(row.problems) as Problem[]),
    omitted: row.omitted ?? [],
    key: row.key,
    value: row.value,
    headers: JSON.parse(row.headers) as Record<string, KeptHeader>,
  };
}
