import { EventEmitter, once } from 'node:events';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { copyOut, inTransaction } from '@tidings/database';
import { DomainError } from '@tidings/runtime';
import { Pool, type PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** An export may last for hours, and must leave connections to all others: this share of the pool at most, and one. */
const SHARE_OF_POOL = 4;

/** An export that has just been read to its end still commits: whoever asks next waits that long for it, milliseconds. */
const PATIENCE = 2_000;

/** Exports are as long as their readers are slow; nobody waits for their locks, for they only read. */
const BEGIN = `BEGIN READ ONLY;
  SET LOCAL statement_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = 0;
  SET LOCAL client_connection_check_interval = '5s'`;

/** Runs exports. */
@Injectable()
export class ExportRepository {
  private running = 0;
  private readonly ends = new EventEmitter().setMaxListeners(0);

  constructor(private readonly pool: Pool) {}

  /**
   * Starts a COPY … TO STDOUT and waits for its first bytes, so that what is wrong with it is known before anything is
   * answered. Reading slowly slows the database down; destroying the stream ends the COPY.
   * @throws {DomainError} `overloaded` when as many exports as may are under way
   */
  async open(statement: string): Promise<Readable> {
    await this.enter();
    return new Promise<Readable>((resolve, reject) => {
      this.run(statement, resolve)
        .catch(reject)
        .finally(() => {
          this.running -= 1;
          this.ends.emit('end');
        });
    });
  }

  private async enter(): Promise<void> {
    const most = Math.max(1, Math.floor(this.pool.options.max / SHARE_OF_POOL));
    const patience = AbortSignal.timeout(PATIENCE);
    while (this.running >= most) {
      await once(this.ends, 'end', { signal: patience }).catch(() => {
        throw new DomainError('overloaded');
      });
    }
    this.running += 1;
  }

  private async run(statement: string, onStart: (stream: Readable) => void): Promise<void> {
    const copying = async (client: PoolClient, discard: () => void): Promise<void> => {
      const stream = copyOut(client, copyTo(statement));
      firstBytes(stream).then(
        () => onStart(stream),
        () => undefined,
      );
      try {
        await finished(stream, { writable: false });
      } catch (error) {
        // In the middle of a COPY a connection is of no more use; closing it is what ends the COPY.
        discard();
        throw error;
      }
    };
    await inTransaction(this.pool, copying, { begin: BEGIN });
  }
}

function firstBytes(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('readable', resolve);
    stream.once('end', resolve);
    stream.once('error', reject);
  });
}
