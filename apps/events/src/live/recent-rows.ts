import type { LiveRow } from './live-row.js';
import { comparePositions, type StorePosition } from './store-position.js';

const MAX_ROWS = 2_000;
/** UTF-16 units of the texts. */
const MAX_UNITS = 8_000_000;

/** The rows that were read last, for listeners that were away for a moment only: they cost no query. */
export class RecentRows {
  private rows: LiveRow[] = [];
  private units = 0;

  /** @param floor behind which rows are kept */
  constructor(private floor: StorePosition) {}

  add(rows: readonly LiveRow[]): void {
    for (const row of rows) {
      this.rows.push(row);
      this.units += unitsOf(row);
    }
    let dropped = 0;
    while (this.rows.length - dropped > MAX_ROWS || this.units > MAX_UNITS) {
      const row = this.rows[dropped];
      if (row === undefined) break;
      this.units -= unitsOf(row);
      this.floor = row.position;
      dropped += 1;
    }
    if (dropped > 0) this.rows = this.rows.slice(dropped);
  }

  /** The rows behind a position; undefined when some of them are not kept any more. */
  after(position: StorePosition): readonly LiveRow[] | undefined {
    if (comparePositions(position, this.floor) < 0) return undefined;
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = this.rows[middle];
      if (row !== undefined && comparePositions(row.position, position) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.rows.slice(low);
  }
}

function unitsOf({ data, message, searchText, attributes }: LiveRow): number {
  return data.length + message.length + (searchText?.length ?? 0) + (attributes?.length ?? 0);
}
