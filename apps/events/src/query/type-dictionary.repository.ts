import { Injectable } from '@nestjs/common';
import { DatabaseReader, type ReadStatement } from '@tidings/database';
import type { PoolClient } from 'pg';
import { DICTIONARY_VERSION, TypeDictionary, type StoredSource, type StoredType } from './type-dictionary.js';

const VERSION: ReadStatement = { text: `SELECT ${DICTIONARY_VERSION} AS version`, values: [], isReusable: true };

/** As many names are read at a time. */
const CHUNK = 5_000;

const TYPES_AFTER = `SELECT id, system, type, native_type AS "nativeType" FROM events.event_type
  WHERE id > $1 ORDER BY id LIMIT ${CHUNK}`;
const SOURCES_AFTER = `SELECT id, source, site FROM events.source WHERE id > $1 ORDER BY id LIMIT ${CHUNK}`;

/**
 * The event types and sources that the store has seen. They are looked at by nearly every query; none is ever taken away,
 * so that their number tells whether there are new ones, and only those are read.
 */
@Injectable()
export class TypeDictionaryRepository {
  private known: TypeDictionary | undefined;
  private reading: Promise<TypeDictionary> | undefined;

  constructor(private readonly reader: DatabaseReader) {}

  /** What was read last. Whoever uses it has to compare its version with the store's and look again. */
  async latest(): Promise<TypeDictionary> {
    return this.known ?? (await this.read());
  }

  /** What the store has seen: an event that was stored before this call has its type and source in it. */
  async current(): Promise<TypeDictionary> {
    const [row] = await this.reader.read<{ version: string }>(VERSION);
    return this.known !== undefined && this.known.version === row?.version ? this.known : await this.refreshed();
  }

  /** The same, looked at anew; it has the type and the source of any row that was read before. */
  async refreshed(): Promise<TypeDictionary> {
    // A reading that is under way may have begun before the type was there.
    await this.reading?.catch(() => undefined);
    return this.read();
  }

  private async read(): Promise<TypeDictionary> {
    this.reading ??= this.reader
      .inSnapshot((client) => this.query(client))
      .finally(() => {
        this.reading = undefined;
      });
    return this.reading;
  }

  private async query(client: PoolClient): Promise<TypeDictionary> {
    const known = this.known ?? new TypeDictionary();
    await readBehind(client, known);
    const { rows } = await client.query<{ version: string }>(VERSION.text);
    // A name that was given its number first may be committed last.
    this.known = rows[0]?.version === known.version ? known : await readBehind(client, new TypeDictionary());
    return this.known;
  }
}

/** Reads the names behind those that a dictionary has into it. */
async function readBehind(client: PoolClient, dictionary: TypeDictionary): Promise<TypeDictionary> {
  for (let isRead = false; !isRead;) {
    const types = await client.query<StoredType>(TYPES_AFTER, [dictionary.last.typeId]);
    const sources = await client.query<StoredSource>(SOURCES_AFTER, [dictionary.last.sourceId]);
    dictionary.add(types.rows, sources.rows);
    isRead = types.rows.length < CHUNK && sources.rows.length < CHUNK;
  }
  return dictionary;
}
