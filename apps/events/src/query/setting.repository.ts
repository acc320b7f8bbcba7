import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '@tidings/database';

/** What all processes of the installation share; it never changes, so that each reads it once. */
@Injectable()
export class SettingRepository {
  private key: Buffer | undefined;

  constructor(private readonly reader: DatabaseReader) {}

  /** What the cursors of pages are sealed with. */
  async cursorKey(): Promise<Buffer> {
    if (this.key !== undefined) return this.key;
    const [row] = await this.reader.read<{ value: Buffer }>({
      text: `SELECT value FROM events.setting WHERE name = 'cursor-key'`,
      values: [],
    });
    const key = row?.value;
    if (key === undefined) throw new RangeError('the setting cursor-key is missing');
    this.key = key;
    return key;
  }
}
