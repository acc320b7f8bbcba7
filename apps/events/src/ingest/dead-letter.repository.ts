import type { PoolClient } from 'pg';
import { LETTER_PARTS, type DeadLetter } from './dead-letter.js';
import { deadLetterRow, type DeadLetterRow } from './dead-letter-row.js';
import type { LetterOrigin, LetterOrigins } from './letter-origin.js';

/** The connection on which a caller has begun a transaction. */
export type StoreTransaction = PoolClient;

/** One statement takes this many letters, or as many as hold this many bytes. */
const MAX_LETTERS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** A time is put together from whole numbers: a double would be some microseconds beside it. */
const ADD = `INSERT INTO events.dead_letter (reason, detail, problems, kafka_topic, kafka_partition, kafka_offset, record_time,
    key, value, headers, digest, system, site, omitted, announced)
  SELECT reason, detail, problems::json, kafka_topic, kafka_partition, kafka_offset,
    timestamptz 'epoch' + record_time / 1000 * interval '1 second' + record_time % 1000 * interval '1 millisecond',
    key, value, headers::json, digest, system, site, string_to_array(omitted, ','), false
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::bigint[], $7::bigint[], $8::bytea[],
    $9::bytea[], $10::text[], $11::bytea[], $12::text[], $13::text[], $14::text[])
    AS letter (reason, detail, problems, kafka_topic, kafka_partition, kafka_offset, record_time, key, value, headers,
      digest, system, site, omitted)
  ON CONFLICT DO NOTHING`;

/** Writes dead letters; reading them and sending them again is the api's. */
export class DeadLetterRepository {
  /** @param partBytes the largest key, value and headers that are kept, each */
  constructor(
    private readonly origins: LetterOrigins,
    private readonly partBytes: number,
  ) {}

  /**
   * Within the caller's transaction; a message that is read twice is kept once.
   * @throws what the database says of a letter that it refuses
   */
  async add(client: StoreTransaction, letters: readonly DeadLetter[]): Promise<void> {
    let rows: DeadLetterRow[] = [];
    let bytes = 0;
    for (const letter of letters) {
      const row = deadLetterRow(letter, this.originOf(letter), this.partBytes);
      rows.push(row);
      bytes += (row.key?.length ?? 0) + (row.value?.length ?? 0) + row.headers.length;
      if (rows.length < MAX_LETTERS && bytes < MAX_BYTES) continue;
      await write(client, rows);
      rows = [];
      bytes = 0;
    }
    if (rows.length > 0) await write(client, rows);
  }

  /** What the message says of itself is left out with the message. */
  private originOf({ kafkaTopic, record, omitted }: DeadLetter): LetterOrigin {
    return omitted?.length === LETTER_PARTS.length ? {} : this.origins.of(kafkaTopic, record);
  }
}

async function write(client: StoreTransaction, rows: readonly DeadLetterRow[]): Promise<void> {
  const column = <Name extends keyof DeadLetterRow>(name: Name): DeadLetterRow[Name][] => rows.map((row) => row[name]);
  const values = [
    column('reason'),
    column('detail'),
    column('problems'),
    column('kafkaTopic'),
    column('kafkaPartition'),
    column('kafkaOffset'),
    column('recordTime'),
    column('key'),
    column('value'),
    column('headers'),
    column('digest'),
    column('system'),
    column('site'),
    column('omitted'),
  ];
  await client.query({ name: 'dead-letter-write', text: ADD, values });
}
