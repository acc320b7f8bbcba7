import { Injectable } from '@nestjs/common';
import { DatabaseReader, type ReadStatement } from '@tidings/database';
import { DICTIONARY_VERSION, TypeDictionary, type StoredSource, type StoredType } from './type-dictionary.js';

const VERSION: ReadStatement = { text: `SELECT ${DICTIONARY_VERSION} AS version`, values: [], isReusable: true };

const WHOLE: ReadStatement = {
  text: `SELECT
    (SELECT json_agg(json_build_object('id', id, 'system', system, 'type', type, 'nativeType', native_type))
      FROM events.event_type) AS types,
    (SELECT json_agg(json_build_object('id', id, 'source', source, 'site', site)) FROM events.source) AS sources`,
  values: [],
  isReusable: true,
};

/**
 * The event types and sources that the store has seen. They are few, and looked at by nearly every query; none is ever
 * taken away, so that their number tells whether there are new ones.
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
    const [row] = await this.reader.read<{ types: StoredType[] | null; sources: StoredSource[] | null }>(WHOLE);
    this.known = new TypeDictionary(row?.types ?? [], row?.sources ?? []);
    return this.known;
  }
}
