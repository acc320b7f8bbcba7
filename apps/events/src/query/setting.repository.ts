import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';

/** What all processes of the installation share; it never changes, so that each reads it once. */
@Injectable()
export class SettingRepository {
  private key: Buffer | undefined;

  constructor(private readonly pool: Pool) {}

  /** What the cursors of pages are sealed with. */
  async cursorKey(): Promise<Buffer> {
    if (this.key !== undefined) return this.key;
    const { rows } = await this.pool.query<{ value: Buffer }>(
      `SELECT value FROM events.setting WHERE name = 'cursor-key'`,
    );
    const key = rows[0]?.value;
    if (key === undefined) throw new RangeError('the setting cursor-key is missing');
    this.key = key;
    return key;
  }
}
