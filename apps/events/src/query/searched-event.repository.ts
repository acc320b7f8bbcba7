import { Injectable } from '@nestjs/common';
import { QUERY_LIMITS } from '@tidings/catalogue';
import { DatabaseReader } from '@tidings/database';
import type { PoolClient } from 'pg';
import type { EventCriteria } from './event-criteria.js';
import { pageStatement, type PageSlice } from './event-statement.js';
import { entriesIn, type EventSlice, type PageRow } from './event.repository.js';
import { KnownCounts, type KnownCount } from './known-counts.js';
import { SearchSegmentRepository, type SearchLayout } from './search-segment.repository.js';
import { dividedBy } from './search-segments.js';
import { searchedCountStatement, type SearchedCount } from './searched-statement.js';
import type { Statement } from './statement.js';

interface CountRow {
  readonly total: number;
  readonly settled: number;
  readonly transaction: string;
}

/**
 * Reads events by their text, one stretch of the store after the other until the page is full: a frequent word is found
 * among the newest rows, which no index has yet, and a rare one by the indexes of the older ones; see docs/decisions/0008.
 */
@Injectable()
export class SearchedEventRepository {
  private readonly counts = new KnownCounts();

  constructor(
    private readonly reader: DatabaseReader,
    private readonly segments: SearchSegmentRepository,
  ) {}

  async page(criteria: EventCriteria, slice: PageSlice): Promise<EventSlice> {
    const { countUpTo, order, behind } = slice;
    const layout = await this.segments.layout();
    const parts = dividedBy(layout.segments, criteria, order, behind);
    const known = countUpTo === undefined ? undefined : await this.known(criteria, layout, countUpTo);
    return await this.reader.inSnapshot(async (client) => {
      const all = known === undefined ? countUpTo : await this.total(client, criteria, layout, known);
      const total = countUpTo === undefined ? undefined : Math.min(all ?? countUpTo, countUpTo);
      // At least one is asked, for the dictionary's version.
      return { ...(await rowsOf(client, parts.length === 0 ? [criteria] : parts, slice, total)), total };
    });
  }

  /** How many there are, exactly. */
  async count(criteria: EventCriteria): Promise<number> {
    const layout = await this.segments.layout();
    const known = await this.known(criteria, layout);
    return await this.reader.inSnapshot(async (client) =>
      // Whoever asked for the same at the same time may have wanted less.
      known === undefined
        ? (await counted(client, dividedBy(layout.segments, criteria, 'newest-first'))).total
        : this.total(client, criteria, layout, known),
    );
  }

  /** Those of transactions that have ended; in a snapshot of its own, that ends before the answer's begins. */
  private async known(criteria: EventCriteria, layout: SearchLayout, upTo?: number): Promise<KnownCount | undefined> {
    return await this.counts.of(criteria, layout.generation, () =>
      this.reader.inSnapshot(async (client) => {
        const parts = dividedBy(layout.segments, criteria, 'newest-first');
        const { total, settled, transaction } = await counted(client, parts, upTo === undefined ? {} : { upTo });
        return upTo !== undefined && total >= upTo ? undefined : { count: settled, before: transaction };
      }),
    );
  }

  private async total(
    client: PoolClient,
    criteria: EventCriteria,
    { generation }: SearchLayout,
    known: KnownCount,
  ): Promise<number> {
    const newer = await counted(client, [criteria], { since: known.before });
    this.counts.advance(criteria, generation, { count: known.count + newer.settled, before: newer.transaction });
    return known.count + newer.total;
  }
}

async function rowsOf(
  client: PoolClient,
  parts: readonly EventCriteria[],
  slice: PageSlice,
  total: number | undefined,
): Promise<Omit<EventSlice, 'total'>> {
  const { order, behind, offset = 0 } = slice;
  const limit = limitOf(slice.limit, total ?? 0);
  // What lies behind the last of them is not looked for.
  const most = total === undefined || behind !== undefined ? limit : Math.min(limit, Math.max(total - offset, 0));
  let skipped = 0;
  let bytesLeft = slice.bytes ?? QUERY_LIMITS.pageBytes.value;
  let found: Omit<EventSlice, 'total'> | undefined;
  for (const part of parts) {
    const rest = most - (found?.entries.length ?? 0);
    if (found !== undefined && rest <= 0) break;
    const toSkip = offset - skipped;
    const before = toSkip === 0 ? 0 : (await counted(client, [part], { upTo: toSkip })).total;
    skipped += before;
    if (before < toSkip && found !== undefined) continue;
    const beside = behind === undefined ? {} : { behind };
    const rows = await run<PageRow>(
      client,
      pageStatement(part, { order, ...beside, offset: toSkip, limit: Math.max(rest, 0), bytes: bytesLeft }),
    );
    const next = entriesIn(rows);
    bytesLeft = Math.max(0, bytesLeft - (next.entries.at(-1)?.bytes ?? 0));
    found = {
      dictionaryVersion: next.dictionaryVersion,
      entries: [...(found?.entries ?? []), ...next.entries],
    };
  }
  return found ?? { dictionaryVersion: '', entries: [] };
}

async function counted(client: PoolClient, parts: readonly EventCriteria[], of: SearchedCount = {}): Promise<CountRow> {
  const [row] = await run<CountRow>(client, searchedCountStatement(parts, of));
  return row ?? { total: 0, settled: 0, transaction: '0' };
}

async function run<Row extends object>(client: PoolClient, { text, values }: Statement): Promise<readonly Row[]> {
  // Without a name, so that it is planned for its values: an index of a part is used only where they are seen to fit it.
  return (await client.query<Row>(text, [...values])).rows;
}

function limitOf(limit: PageSlice['limit'], total: number): number {
  return typeof limit === 'number' ? limit : ((Math.max(total, 1) - 1) % limit.remainder) + 1;
}
