import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { DICTIONARY_VERSION, TypeDictionary, type StoredSource, type StoredType } from './type-dictionary.js';

/**
 * The event types and sources that the store has seen. They are few, and looked at by nearly every query; none is ever
 * taken away, so that their number tells whether there are new ones.
 */
@Injectable()
export class TypeDictionaryRepository {
  private known: TypeDictionary | undefined;
  private reading: Promise<TypeDictionary> | undefined;

  constructor(private readonly pool: Pool) {}

  /** What was read last. Whoever uses it has to compare its version with the store's and look again. */
  async latest(): Promise<TypeDictionary> {
    return this.known ?? (await this.read());
  }

  /** What the store has seen: an event that was stored before this call has its type and source in it. */
  async current(): Promise<TypeDictionary> {
    const { rows } = await this.pool.query<{ version: string }>({
      name: 'dictionary-version',
      text: `SELECT ${DICTIONARY_VERSION} AS version`,
    });
    return this.known !== undefined && this.known.version === rows[0]?.version ? this.known : await this.refreshed();
  }

  /** The same, read whole; it has the type and the source of any row that was read before. */
  async refreshed(): Promise<TypeDictionary> {
    // A reading that is under way may have begun before the type was there.
    await this.reading?.catch(() => undefined);
    return this.read();
  }

  private async read(): Promise<TypeDictionary> {
    this.reading ??= this.query().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async query(): Promise<TypeDictionary> {
    const { rows } = await this.pool.query<{ types: StoredType[] | null; sources: StoredSource[] | null }>({
      name: 'dictionary',
      text: `SELECT
        (SELECT json_agg(json_build_object('id', id, 'system', system, 'type', type, 'nativeType', native_type))
          FROM events.event_type) AS types,
        (SELECT json_agg(json_build_object('id', id, 'source', source, 'site', site)) FROM events.source) AS sources`,
    });
    this.known = new TypeDictionary(rows[0]?.types ?? [], rows[0]?.sources ?? []);
    return this.known;
  }
}
