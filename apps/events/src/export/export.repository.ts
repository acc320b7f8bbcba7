import { finished, type Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@tidings/runtime';
import { Pool, type PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** An export may last for hours, and must leave connections to all others: this share of the pool at most, and one. */
const SHARE_OF_POOL = 4;

/** Exports are as long as their readers are slow; nobody waits for their locks, for they only read. */
const BEGIN = `BEGIN READ ONLY;
  SET LOCAL statement_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = 0;
  SET LOCAL client_connection_check_interval = '5s'`;

/** Runs exports. */
@Injectable()
export class ExportRepository {
  private running = 0;

  constructor(private readonly pool: Pool) {}

  /**
   * Starts a COPY … TO STDOUT and waits for its first bytes, so that what is wrong with it is known before anything is
   * answered. Reading slowly slows the database down; destroying the stream ends the COPY.
   * @throws {DomainError} `overloaded` when as many exports as may are under way
   */
  async open(statement: string): Promise<Readable> {
    if (this.running >= Math.max(1, Math.floor(this.pool.options.max / SHARE_OF_POOL))) {
      throw new DomainError('overloaded');
    }
    this.running += 1;
    let client: PoolClient | undefined;
    try {
      client = await this.pool.connect();
      await client.query(BEGIN);
      const stream = client.query(copyTo(statement));
      finished(stream, { writable: false }, this.closing(client));
      client = undefined;
      await firstBytes(stream);
      return stream;
    } catch (error) {
      // With a stream, its end says so.
      if (client !== undefined) {
        this.running -= 1;
        client.release(true);
      }
      throw error;
    }
  }

  private closing(client: PoolClient): (error?: Error | null) => void {
    return (error) => {
      this.running -= 1;
      // In the middle of a COPY a connection is of no more use; closing it is what ends the COPY.
      if (error !== undefined && error !== null) return client.release(error);
      client.query('COMMIT').then(
        () => client.release(),
        (failure: Error) => client.release(failure),
      );
    };
  }
}

function firstBytes(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('readable', resolve);
    stream.once('end', resolve);
    stream.once('error', reject);
  });
}
