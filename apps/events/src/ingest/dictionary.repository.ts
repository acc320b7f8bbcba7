import type { Pool, PoolClient } from 'pg';
import { siteOf, type EventReader } from '@tidings/catalogue';
import type { RowNumbers } from './copy-encoder.js';
import type { EventRow } from './event-row.js';

/** Names come from outside, so what is remembered of them is bounded; forgetting costs a query. */
const MAX_REMEMBERED = 50_000;

/** The numbers of the names that were met. */
interface KnownNames {
  /** By the catalogue's own object, of which there is one a type: no name has to be put together for each row. */
  readonly types: Map<EventReader, number>;
  readonly sources: Map<string, number>;
  readonly kafkaTopics: Map<string, number>;
}

/**
 * The dictionary tables, which give a number to each name that repeats. Numbers never change, so each process remembers
 * what it has seen; a name is written once and outside of the batch's transaction, so that no batch waits for another.
 */
export class DictionaryRepository {
  private known: KnownNames = nothingKnown();

  /** Makes sure that every name of the rows has a number, and tells how to look them up. */
  async numbersFor(client: Pool | PoolClient, rows: readonly EventRow[]): Promise<(row: EventRow) => RowNumbers> {
    if (Object.values(this.known).some((names: KnownNames[keyof KnownNames]) => names.size > MAX_REMEMBERED)) {
      this.known = nothingKnown();
    }
    // Batches that are under way keep the names that they have looked up.
    const { known } = this;
    const newTypes = new Set<EventReader>();
    const newSources = new Set<string>();
    const newTopics = new Set<string>();
    for (const row of rows) {
      if (!known.types.has(row.type)) newTypes.add(row.type);
      if (!known.sources.has(row.source)) newSources.add(row.source);
      if (!known.kafkaTopics.has(row.kafkaTopic)) newTopics.add(row.kafkaTopic);
    }
    if (newTypes.size > 0) await this.learnTypes(client, known, [...newTypes]);
    if (newSources.size > 0) await this.learnSources(client, known, [...newSources]);
    if (newTopics.size > 0) await this.learnKafkaTopics(client, known, [...newTopics]);
    return (row) => ({
      typeId: numberIn(known.types, row.type),
      sourceId: numberIn(known.sources, row.source),
      kafkaTopicId: numberIn(known.kafkaTopics, row.kafkaTopic),
    });
  }

  private async learnTypes(client: Pool | PoolClient, known: KnownNames, types: readonly EventReader[]): Promise<void> {
    const { rows: found } = await client.query<{ id: number; system: string; type: string }>(
      `WITH named AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS n(system, type, native_type)),
        added AS (
          INSERT INTO events.event_type (system, type, native_type) SELECT * FROM named ORDER BY type, system
          ON CONFLICT DO NOTHING RETURNING id, system, type)
      SELECT id, system, type FROM added
      UNION ALL SELECT t.id, t.system, t.type FROM events.event_type t JOIN named USING (system, type)`,
      [types.map(({ system }) => system), types.map(({ type }) => type), types.map(({ nativeType }) => nativeType)],
    );
    const numbers = new Map(found.map(({ id, system, type }) => [`${system} ${type}`, id]));
    for (const reader of types) {
      const number = numbers.get(`${reader.system} ${reader.type}`);
      if (number !== undefined) known.types.set(reader, number);
    }
    // A name that another process added between the two halves of the statement is seen by neither: look again.
    if (types.some((type) => !known.types.has(type))) await this.learnTypes(client, known, types);
  }

  private async learnSources(client: Pool | PoolClient, known: KnownNames, sources: readonly string[]): Promise<void> {
    const { rows: found } = await client.query<{ id: number; source: string }>(
      `WITH named AS (SELECT * FROM unnest($1::text[], $2::text[]) AS n(source, site)),
        added AS (
          INSERT INTO events.source (source, site) SELECT * FROM named ORDER BY source
          ON CONFLICT DO NOTHING RETURNING id, source)
      SELECT id, source FROM added UNION ALL SELECT s.id, s.source FROM events.source s JOIN named USING (source)`,
      [sources, sources.map(siteOf)],
    );
    remember(known.sources, found, ({ source }) => source);
    if (sources.some((source) => !known.sources.has(source))) await this.learnSources(client, known, sources);
  }

  private async learnKafkaTopics(
    client: Pool | PoolClient,
    known: KnownNames,
    kafkaTopics: readonly string[],
  ): Promise<void> {
    const { rows: found } = await client.query<{ id: number; kafka_topic: string }>(
      `WITH named AS (SELECT * FROM unnest($1::text[]) AS n(kafka_topic)),
        added AS (
          INSERT INTO events.kafka_topic (kafka_topic) SELECT * FROM named ORDER BY kafka_topic
          ON CONFLICT DO NOTHING RETURNING id, kafka_topic)
      SELECT id, kafka_topic FROM added
      UNION ALL SELECT t.id, t.kafka_topic FROM events.kafka_topic t JOIN named USING (kafka_topic)`,
      [kafkaTopics],
    );
    remember(known.kafkaTopics, found, (row) => row.kafka_topic);
    if (kafkaTopics.some((topic) => !known.kafkaTopics.has(topic)))
      await this.learnKafkaTopics(client, known, kafkaTopics);
  }
}

function nothingKnown(): KnownNames {
  return { types: new Map(), sources: new Map(), kafkaTopics: new Map() };
}

function remember<Row extends { id: number }>(
  map: Map<string, number>,
  rows: Row[],
  keyOf: (row: Row) => string,
): void {
  for (const row of rows) map.set(keyOf(row), row.id);
}

function numberIn<Name>(map: ReadonlyMap<Name, number>, name: Name): number {
  const number = map.get(name);
  if (number === undefined) throw new RangeError('a name of the batch is not in its dictionary');
  return number;
}
