import type { Pool, PoolClient } from 'pg';
import { siteOf } from '@tidings/catalogue';
import type { RowNumbers } from './copy-encoder.js';
import type { EventRow } from './event-row.js';

/** Names come from outside, so what is remembered of them is bounded; forgetting costs a query. */
const MAX_REMEMBERED = 50_000;

/**
 * The dictionary tables, which give a number to each name that repeats. Numbers never change, so each process remembers
 * what it has seen; a name is written once and outside of the batch's transaction, so that no batch waits for another.
 */
export class DictionaryRepository {
  private readonly types = new Map<string, number>();
  private readonly sources = new Map<string, number>();
  private readonly kafkaTopics = new Map<string, number>();

  /** Makes sure that every name of the rows has a number, and tells how to look them up. */
  async numbersFor(client: Pool | PoolClient, rows: readonly EventRow[]): Promise<(row: EventRow) => RowNumbers> {
    for (const map of [this.types, this.sources, this.kafkaTopics]) if (map.size > MAX_REMEMBERED) map.clear();
    const newTypes = new Map<string, EventRow>();
    const newSources = new Set<string>();
    const newTopics = new Set<string>();
    for (const row of rows) {
      if (!this.types.has(typeKey(row))) newTypes.set(typeKey(row), row);
      if (!this.sources.has(row.source)) newSources.add(row.source);
      if (!this.kafkaTopics.has(row.kafkaTopic)) newTopics.add(row.kafkaTopic);
    }
    if (newTypes.size > 0) await this.learnTypes(client, [...newTypes.values()]);
    if (newSources.size > 0) await this.learnSources(client, [...newSources]);
    if (newTopics.size > 0) await this.learnKafkaTopics(client, [...newTopics]);
    return (row) => ({
      typeId: numberIn(this.types, typeKey(row)),
      sourceId: numberIn(this.sources, row.source),
      kafkaTopicId: numberIn(this.kafkaTopics, row.kafkaTopic),
    });
  }

  private async learnTypes(client: Pool | PoolClient, rows: readonly EventRow[]): Promise<void> {
    const { rows: found } = await client.query<{ id: number; system: string; type: string }>(
      `WITH named AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS n(system, type, native_type)),
        added AS (
          INSERT INTO events.event_type (system, type, native_type) SELECT * FROM named ORDER BY type, system
          ON CONFLICT DO NOTHING RETURNING id, system, type)
      SELECT id, system, type FROM added
      UNION ALL SELECT t.id, t.system, t.type FROM events.event_type t JOIN named USING (system, type)`,
      [rows.map(({ type }) => type.system), rows.map(({ type }) => type.type), rows.map(({ type }) => type.nativeType)],
    );
    remember(this.types, found, ({ system, type }) => `${system} ${type}`);
    // A name that another process added between the two halves of the statement is seen by neither: look again.
    if (rows.some((row) => !this.types.has(typeKey(row)))) await this.learnTypes(client, rows);
  }

  private async learnSources(client: Pool | PoolClient, sources: readonly string[]): Promise<void> {
    const { rows: found } = await client.query<{ id: number; source: string }>(
      `WITH named AS (SELECT * FROM unnest($1::text[], $2::text[]) AS n(source, site)),
        added AS (
          INSERT INTO events.source (source, site) SELECT * FROM named ORDER BY source
          ON CONFLICT DO NOTHING RETURNING id, source)
      SELECT id, source FROM added UNION ALL SELECT s.id, s.source FROM events.source s JOIN named USING (source)`,
      [sources, sources.map(siteOf)],
    );
    remember(this.sources, found, ({ source }) => source);
    if (sources.some((source) => !this.sources.has(source))) await this.learnSources(client, sources);
  }

  private async learnKafkaTopics(client: Pool | PoolClient, kafkaTopics: readonly string[]): Promise<void> {
    const { rows: found } = await client.query<{ id: number; kafka_topic: string }>(
      `WITH named AS (SELECT * FROM unnest($1::text[]) AS n(kafka_topic)),
        added AS (
          INSERT INTO events.kafka_topic (kafka_topic) SELECT * FROM named ORDER BY kafka_topic
          ON CONFLICT DO NOTHING RETURNING id, kafka_topic)
      SELECT id, kafka_topic FROM added
      UNION ALL SELECT t.id, t.kafka_topic FROM events.kafka_topic t JOIN named USING (kafka_topic)`,
      [kafkaTopics],
    );
    remember(this.kafkaTopics, found, (row) => row.kafka_topic);
    if (kafkaTopics.some((topic) => !this.kafkaTopics.has(topic))) await this.learnKafkaTopics(client, kafkaTopics);
  }
}

function typeKey(row: EventRow): string {
  return `${row.type.system} ${row.type.type}`;
}

function remember<Row extends { id: number }>(
  map: Map<string, number>,
  rows: Row[],
  keyOf: (row: Row) => string,
): void {
  for (const row of rows) map.set(keyOf(row), row.id);
}

function numberIn(map: ReadonlyMap<string, number>, name: string): number {
  const number = map.get(name);
  if (number === undefined) throw new RangeError(`the dictionary does not hold ${name.slice(0, 100)}`);
  return number;
}
