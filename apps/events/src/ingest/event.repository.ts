import { finished } from 'node:stream/promises';
import { inTransaction } from '@tidings/database';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { COPY_COLUMNS, encodeRows } from './copy-encoder.js';
import type { DeadLetter } from './dead-letter.js';
import type { DeadLetterRepository } from './dead-letter.repository.js';
import type { DictionaryRepository } from './dictionary.repository.js';
import type { EventRow } from './event-row.js';
import { EVENTS_CHANNEL } from './events-channel.js';
import type { IdentityRepository, StoredCopy } from './identity.repository.js';

const COPY_EVENTS = `COPY events.event (${COPY_COLUMNS.join(', ')}) FROM STDIN (FORMAT binary)`;

/** SQLSTATE of a row whose key another one has: the ledger has forgotten that event, the store has not. */
export const EVENT_KEY_TAKEN = '23505';

/**
 * Wakes whoever follows the store: the live streams and the roll-ups. Within the transaction, so that it is told exactly
 * when the rows can be seen.
 */
const TELL_AND_COMMIT = `NOTIFY ${EVENTS_CHANNEL}; COMMIT`;

/** What is to be stored together. */
export interface Load {
  /** With distinct identities. */
  readonly rows: readonly EventRow[];
  readonly letters: readonly DeadLetter[];
  /** Look among the stored events for those whose identities the ledger has forgotten. */
  readonly seeksForgotten?: boolean;
}

/** What became of a batch. */
export interface StoredBatch {
  readonly stored: number;
  /** Copies of what was stored before. */
  readonly doubled: number;
  readonly letters: number;
}

/** Tells what a row is beside the copy in the store: the same, or a conflict to be kept as this dead letter. */
export type CopyJudge = (row: EventRow, stored: StoredCopy) => DeadLetter | undefined;

/** Writes batches of events. */
export class EventRepository {
  constructor(
    private readonly pool: Pool,
    private readonly dictionary: DictionaryRepository,
    private readonly identities: IdentityRepository,
    private readonly deadLetters: DeadLetterRepository,
  ) {}

  /**
   * Stores rows and dead letters in one transaction, each identity once.
   * @throws whatever the database says; then nothing of the load is stored
   */
  async store(load: Load, judge: CopyJudge): Promise<StoredBatch> {
    const { numbersOf, refused } = await this.dictionary.numbersFor(this.pool, load.rows);
    const rows = refused.size === 0 ? load.rows : load.rows.filter((row) => !refused.has(row));
    const letters = refused.size === 0 ? load.letters : [...load.letters, ...refused.values()];
    const work = async (client: PoolClient): Promise<StoredBatch> => {
      const copies = rows.length === 0 ? [] : await this.identities.claim(client, rows);
      const known = sift(rows, copies, judge);
      if (copies.length > 0) await this.identities.refresh(client, copies);
      const forgotten = load.seeksForgotten === true ? await this.identities.forgotten(client, known.fresh) : [];
      const { fresh, conflicts } = sift(known.fresh, forgotten, judge);
      if (fresh.length > 0) await copy(client, encodeRows(fresh, numbersOf));
      const allLetters = [...letters, ...known.conflicts, ...conflicts];
      if (allLetters.length > 0) await this.deadLetters.add(client, allLetters);
      return {
        stored: fresh.length,
        doubled: rows.length - fresh.length - known.conflicts.length - conflicts.length,
        letters: allLetters.length,
      };
    };
    const commit = ({ stored }: StoredBatch): string => (stored > 0 ? TELL_AND_COMMIT : 'COMMIT');
    return inTransaction(this.pool, work, { commit });
  }
}

function sift(
  rows: readonly EventRow[],
  copies: readonly StoredCopy[],
  judge: CopyJudge,
): { fresh: readonly EventRow[]; conflicts: readonly DeadLetter[] } {
  if (copies.length === 0) return { fresh: rows, conflicts: [] };
  const copyByKey = new Map(copies.map((stored) => [stored.key, stored]));
  const fresh: EventRow[] = [];
  const conflicts: DeadLetter[] = [];
  for (const row of rows) {
    const stored = copyByKey.get(row.key);
    if (stored === undefined) {
      fresh.push(row);
      continue;
    }
    const conflict = judge(row, stored);
    if (conflict !== undefined) conflicts.push(conflict);
  }
  return { fresh, conflicts };
}

async function copy(client: PoolClient, rows: Buffer): Promise<void> {
  const stream = client.query(copyFrom(COPY_EVENTS));
  stream.end(rows);
  await finished(stream);
}
