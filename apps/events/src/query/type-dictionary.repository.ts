import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { TypeDictionary, type StoredType } from './type-dictionary.js';

/**
 * The event types that the store has seen. They are few, and looked at by nearly every query; none is ever taken away, so
 * that their number tells whether there are new ones.
 */
@Injectable()
export class TypeDictionaryRepository {
  private latest: TypeDictionary | undefined;
  private reading: Promise<TypeDictionary> | undefined;

  constructor(private readonly pool: Pool) {}

  /** What the store has seen: an event that was stored before this call has its type in it. */
  async current(): Promise<TypeDictionary> {
    const { rows } = await this.pool.query<{ size: number }>({
      name: 'event-types-size',
      text: 'SELECT count(*)::integer AS size FROM events.event_type',
    });
    return this.latest !== undefined && this.latest.size === rows[0]?.size ? this.latest : await this.read();
  }

  /** The same, read whole; it has the type of any row that was read before. */
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
    const { rows } = await this.pool.query<{ id: number; system: string; type: string; native_type: string }>({
      name: 'event-types',
      text: 'SELECT id, system, type, native_type FROM events.event_type',
    });
    this.latest = new TypeDictionary(
      rows.map(({ id, system, type, native_type }): StoredType => ({ id, system, type, nativeType: native_type })),
    );
    return this.latest;
  }
}
