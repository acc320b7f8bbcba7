import type { Pool, PoolClient } from 'pg';
import { siteOf, type EventReader } from '@tidings/catalogue';
import type { RowNumbers } from './copy-encoder.js';
import type { DeadLetter } from './dead-letter.js';
import type { EventRow } from './event-row.js';
import type { NameQuotaRepository } from './name-quota.repository.js';
import { storable } from './storable-text.js';

/** Names come from outside, so what is remembered of them is bounded; forgetting costs a query. */
const MAX_REMEMBERED = 50_000;

/** The numbers of the names that were met. */
interface KnownNames {
  /** By the catalogue's own object, of which there is one a type: no name has to be put together for each row. */
  readonly types: Map<EventReader, number>;
  readonly sources: Map<string, number>;
  readonly kafkaTopics: Map<string, number>;
}

/** The numbers of a batch's names. */
export interface NamedRows {
  /** @param row one that is not refused */
  readonly numbersOf: (row: EventRow) => RowNumbers;
  /** The rows for whose names there is no room, with the dead letters to be kept of them. */
  readonly refused: ReadonlyMap<EventRow, DeadLetter>;
}

type Client = Pool | PoolClient;

/** Why a name is not added. */
type Refusals<Name> = ReadonlyMap<Name, string>;

/**
 * The dictionary tables, which give a number to each name that repeats. Numbers never change, so each process remembers
 * what it has seen; a name is written once and outside of the batch's transaction, so that no batch waits for another.
 * A name is looked up before it is inserted, since an insert that meets it takes a number of the sequence all the same.
 */
export class DictionaryRepository {
  private known: KnownNames = nothingKnown();

  constructor(private readonly quota: NameQuotaRepository) {}

  /** Makes sure that every name of the rows has a number, and tells how to look them up. */
  async numbersFor(client: Client, rows: readonly EventRow[]): Promise<NamedRows> {
    if (Object.values(this.known).some((names: KnownNames[keyof KnownNames]) => names.size > MAX_REMEMBERED)) {
      this.known = nothingKnown();
    }
    // Batches that are under way keep the names that they have looked up.
    const { known } = this;
    const newTypes = new Map<EventReader, EventRow>();
    const newSources = new Set<string>();
    const newTopics = new Set<string>();
    for (const row of rows) {
      if (!known.types.has(row.type)) newTypes.set(row.type, row);
      if (!known.sources.has(row.source)) newSources.add(row.source);
      if (!known.kafkaTopics.has(row.kafkaTopic)) newTopics.add(row.kafkaTopic);
    }
    const types =
      newTypes.size === 0 ? none<EventReader>() : await this.learnTypes(client, known, [...newTypes.values()]);
    const sources = newSources.size === 0 ? none<string>() : await this.learnSources(client, known, [...newSources]);
    if (newTopics.size > 0) await this.learnKafkaTopics(client, known, [...newTopics]);
    return {
      numbersOf: (row) => ({
        typeId: numberIn(known.types, row.type),
        sourceId: numberIn(known.sources, row.source),
        kafkaTopicId: numberIn(known.kafkaTopics, row.kafkaTopic),
      }),
      refused: types.size + sources.size === 0 ? none() : refusedRows(rows, types, sources),
    };
  }

  private async learnTypes(
    client: Client,
    known: KnownNames,
    rows: readonly EventRow[],
  ): Promise<Refusals<EventReader>> {
    const nameOf = ({ system, type }: Pick<EventReader, 'system' | 'type'>): string => `${system} ${storable(type)}`;
    const find = async (wanted: readonly EventRow[]): Promise<readonly EventRow[]> => {
      const { rows: found } = await client.query<{ id: number; system: string; type: string }>(
        `SELECT id, system, type FROM events.event_type
        JOIN unnest($1::text[], $2::text[]) AS named (system, type) USING (system, type)`,
        [wanted.map(({ type }) => type.system), wanted.map(({ type }) => type.type)],
      );
      const numbers = new Map(found.map((row) => [nameOf(row), row.id]));
      return wanted.filter(({ type }) => {
        const number = numbers.get(nameOf(type));
        if (number !== undefined) known.types.set(type, number);
        return number === undefined;
      });
    };
    const missing = await find(rows);
    if (missing.length === 0) return none();
    const refused = await this.quota.refusedTypes(client, missing);
    const added = missing.filter(({ type }) => !refused.has(type));
    const types = added.map(({ type }) => type).sort((a, b) => (a.type < b.type ? -1 : 1));
    await client.query(
      `INSERT INTO events.event_type (system, type, native_type) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
      ON CONFLICT DO NOTHING`,
      [types.map(({ system }) => system), types.map(({ type }) => type), types.map(({ nativeType }) => nativeType)],
    );
    complain(await find(added));
    return refused;
  }

  private async learnSources(client: Client, known: KnownNames, sources: readonly string[]): Promise<Refusals<string>> {
    const find = async (wanted: readonly string[]): Promise<readonly string[]> => {
      const { rows } = await client.query<{ id: number; source: string }>(
        'SELECT id, source FROM events.source WHERE source = ANY($1::text[])',
        [wanted],
      );
      return remember(known.sources, wanted, new Map(rows.map(({ source, id }) => [source, id])));
    };
    const missing = await find(sources);
    if (missing.length === 0) return none();
    const refused = await this.quota.refusedSources(client, missing);
    const added = missing.filter((source) => !refused.has(source)).sort();
    await client.query(
      `INSERT INTO events.source (source, site) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING`,
      [added, added.map(siteOf)],
    );
    complain(await find(added));
    return refused;
  }

  /** Without a quota: kafkaTopics are not made up by who sends events. */
  private async learnKafkaTopics(client: Client, known: KnownNames, kafkaTopics: readonly string[]): Promise<void> {
    const find = async (wanted: readonly string[]): Promise<readonly string[]> => {
      const { rows } = await client.query<{ id: number; kafka_topic: string }>(
        'SELECT id, kafka_topic FROM events.kafka_topic WHERE kafka_topic = ANY($1::text[])',
        [wanted],
      );
      return remember(known.kafkaTopics, wanted, new Map(rows.map((row) => [row.kafka_topic, row.id])));
    };
    const missing = await find(kafkaTopics);
    if (missing.length === 0) return;
    await client.query(
      'INSERT INTO events.kafka_topic (kafka_topic) SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING',
      [[...missing].sort()],
    );
    complain(await find(missing));
  }
}

function none<Name>(): ReadonlyMap<Name, never> {
  return new Map<Name, never>();
}

function nothingKnown(): KnownNames {
  return { types: new Map(), sources: new Map(), kafkaTopics: new Map() };
}

/** @returns the names that were not found */
function remember(
  known: Map<string, number>,
  names: readonly string[],
  numbers: ReadonlyMap<string, number>,
): readonly string[] {
  return names.filter((name) => {
    const number = numbers.get(storable(name));
    if (number !== undefined) known.set(name, number);
    return number === undefined;
  });
}

/** Once they are inserted, names are found; one that is not would be looked for again and again. */
function complain(missing: readonly unknown[]): void {
  if (missing.length > 0) throw new RangeError('a name cannot be read back as it was written');
}

function refusedRows(
  rows: readonly EventRow[],
  types: Refusals<EventReader>,
  sources: Refusals<string>,
): ReadonlyMap<EventRow, DeadLetter> {
  const refused = new Map<EventRow, DeadLetter>();
  for (const row of rows) {
    const ofType = types.get(row.type);
    const detail = ofType ?? sources.get(row.source);
    if (detail === undefined) continue;
    const field = ofType === undefined ? 'source' : 'type';
    refused.set(row, {
      reason: 'too_many_names',
      detail,
      problems: [{ field, problem: 'is one name too many; use one that is there already, or declare the type' }],
      kafkaTopic: row.kafkaTopic,
      kafkaPartition: row.kafkaPartition,
      record: row.record,
    });
  }
  return refused;
}

function numberIn<Name>(map: ReadonlyMap<Name, number>, name: Name): number {
  const number = map.get(name);
  if (number === undefined) throw new RangeError('a name of the batch is not in its dictionary');
  return number;
}
