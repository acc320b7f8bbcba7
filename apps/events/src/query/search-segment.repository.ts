import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '@tidings/database';
import { segmentsOf, type IdRange, type IndexedRange } from './search-segments.js';

/** Indexes come once a minute at most, and one that is not known yet only leaves its rows to be read. */
const KNOWN_FOR_MS = 5_000;

/** The bounds of each usable index of the search text: its own predicate's, or those of the whole partition. */
const INDEXED = `SELECT coalesce(pg_get_expr(made.indpred, made.indrelid), pg_get_expr(part.relpartbound, part.oid)) AS bounds
  FROM pg_inherits
  JOIN pg_class part ON part.oid = inhrelid
  JOIN pg_index made ON made.indrelid = part.oid AND made.indisvalid
  JOIN pg_class named ON named.oid = made.indexrelid AND starts_with(named.relname, part.relname || '_search')
  WHERE inhparent = 'events.event'::regclass`;

/** Another value whenever events were deleted, with their partition or by themselves. */
const GENERATION = `SELECT concat(string_agg(inhrelid::text, ' ' ORDER BY inhrelid), ' - ',
    sum(pg_stat_get_tuples_deleted(inhrelid))) AS generation
  FROM pg_inherits WHERE inhparent = 'events.event'::regclass`;

/** The store as far as searches have to know it. */
export interface SearchLayout {
  /** All ids, divided into what one index has each and what none has, the newest first. */
  readonly segments: readonly IdRange[];
  /** Counts of one generation are not made smaller by what happened since. */
  readonly generation: string;
}

/** Knows which stretches of the store have an index of their search text. */
@Injectable()
export class SearchSegmentRepository {
  private known: { readonly layout: SearchLayout; readonly readAt: number } | undefined;

  constructor(private readonly reader: DatabaseReader) {}

  async layout(): Promise<SearchLayout> {
    const now = performance.now();
    if (this.known !== undefined && now - this.known.readAt < KNOWN_FOR_MS) return this.known.layout;
    const [indexed, deleted] = await Promise.all([
      this.reader.read<{ bounds: string }>({ text: INDEXED, values: [] }),
      this.reader.read<{ generation: string }>({ text: GENERATION, values: [] }),
    ]);
    const segments = segmentsOf(indexed.flatMap(({ bounds }) => rangeIn(bounds) ?? []));
    const layout = { segments, generation: deleted[0]?.generation ?? '' };
    this.known = { layout, readAt: now };
    return layout;
  }
}

const UUID = /'([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'/g;

/** @param bounds the two ids as PostgreSQL shows a predicate or a partition's bounds, the smaller one first */
export function rangeIn(bounds: string): IndexedRange | undefined {
  const [from, to] = [...bounds.matchAll(UUID)].map(([, id = '']) => id.replaceAll('-', ''));
  return from === undefined || to === undefined ? undefined : { from, to };
}
