import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { TypeDictionary, type StoredType } from './type-dictionary.js';

/** For how long a dictionary is good, milliseconds. */
const GOOD_FOR_MS = 1_000;
/** Where reading takes long, it is not done more than a fiftieth of the time. */
const READING_SHARE = 50;

/**
 * The event types that the store has seen. They are few, and looked at by nearly every query, so they are read at most
 * once a second.
 */
@Injectable()
export class TypeDictionaryRepository {
  private latest: { readonly dictionary: TypeDictionary; readonly goodUntil: number } | undefined;
  private reading: Promise<TypeDictionary> | undefined;

  constructor(private readonly pool: Pool) {}

  /** What the store had seen at most about a second ago. */
  async current(): Promise<TypeDictionary> {
    if (this.latest !== undefined && performance.now() < this.latest.goodUntil) return this.latest.dictionary;
    return this.read();
  }

  /** What the store has seen by now; it has the type of any row that was read before. */
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
    const began = performance.now();
    const { rows } = await this.pool.query<{ id: number; system: string; type: string; native_type: string }>({
      name: 'event-types',
      text: 'SELECT id, system, type, native_type FROM events.event_type',
    });
    const dictionary = new TypeDictionary(
      rows.map(({ id, system, type, native_type }): StoredType => ({ id, system, type, nativeType: native_type })),
    );
    const now = performance.now();
    this.latest = { dictionary, goodUntil: now + Math.max(GOOD_FOR_MS, (now - began) * READING_SHARE) };
    return dictionary;
  }
}
