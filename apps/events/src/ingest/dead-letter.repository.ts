import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { PoolClient } from 'pg';
import type { HeaderValue, IncomingRecord } from '@tidings/transport';
import type { DeadLetter } from './dead-letter.js';

/** The connection on which a caller has begun a transaction. */
export type StoreTransaction = PoolClient;

/** Writes dead letters; reading them and sending them again is the api's. */
export class DeadLetterRepository {
  /**
   * Within the caller's transaction.
   * @returns those that are new: a message that is read twice is kept once
   */
  async add(client: StoreTransaction, letters: readonly DeadLetter[]): Promise<readonly DeadLetter[]> {
    const added: DeadLetter[] = [];
    for (const letter of letters) {
      const { rowCount } = await client.query({
        name: 'dead-letter-write',
        text: `INSERT INTO events.dead_letter
          (reason, detail, problems, kafka_topic, kafka_partition, kafka_offset, record_time, key, value, headers, digest)
          VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::double precision / 1000), $8, $9, $10, $11)
          ON CONFLICT DO NOTHING`,
        values: [
          letter.reason,
          letter.detail.replaceAll('\u0000', '\uFFFD'),
          letter.problems.length === 0 ? null : JSON.stringify(letter.problems),
          letter.kafkaTopic,
          letter.kafkaPartition,
          letter.record.offset,
          letter.record.timestamp,
          letter.record.key,
          letter.record.value,
          headersJson(letter.record.headers),
          digestOf(letter.record),
        ],
      });
      if (rowCount === 1) added.push(letter);
    }
    return added;
  }
}

/** Header values as text where they are UTF-8, otherwise as `{"base64": …}`; repeated headers as a list. */
export function headersJson(headers: IncomingRecord['headers']): string {
  const readable = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, isSingle(value) ? headerText(value) : value.map(headerText)]],
  );
  return JSON.stringify(Object.fromEntries(readable));
}

function isSingle(value: HeaderValue): value is string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value);
}

function headerText(value: Buffer | string): unknown {
  if (typeof value === 'string') return value;
  return isUtf8(value) ? value.toString('utf8') : { base64: value.toString('base64') };
}

function digestOf(record: IncomingRecord): Buffer {
  const hash = createHash('sha256')
    .update(record.key ?? '')
    .update('\u0000')
    .update(record.value ?? '');
  return hash.update(headersJson(record.headers)).digest().subarray(0, 16);
}
