import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '@tidings/database';
import { EventCounts, type CountBucket, type CountGrouping } from '../query/event-counts.js';
import type { EventCriteria } from '../query/event-criteria.js';
import { SearchSegmentRepository } from '../query/search-segment.repository.js';
import { dividedBy, isSearched } from '../query/search-segments.js';
import { Values, type Statement, type StatementPart } from '../query/statement.js';
import { bucketStatement } from './bucket-statement.js';
import { rollupPlanOf } from './rollup-plan.js';
import { rolledStatement, rolledTotal, rowsStatement } from './rollup-statement.js';

interface CountRow {
  readonly start: number | null;
  readonly value: number | null;
  readonly count: number | null;
}

/**
 * An older watermark is as right as the present one, and makes no difference to the planner until many rows lie between
 * them; a new one has all plans made again. At the start, when the roll-ups may be far behind, it is asked for often.
 */
const WATERMARK_AGES_MS = { first: 1_000, longest: 300_000 } as const;

/** Counts events by the roll-ups. */
@Injectable()
export class RolledEventCounts extends EventCounts {
  private watermark: { readonly transaction: bigint; readonly until: number } | undefined;
  private watermarkAge: number = WATERMARK_AGES_MS.first;

  constructor(
    private readonly reader: DatabaseReader,
    private readonly segments: SearchSegmentRepository,
  ) {
    super();
  }

  override async count(criteria: EventCriteria): Promise<number | undefined> {
    const select = await this.selection(criteria);
    if (select === undefined) return undefined;
    const values = new Values();
    const [row] = await this.reader.read<{ total: string }>({ text: select(values), values: values.list });
    return Number(row?.total ?? 0);
  }

  override async selection(criteria: EventCriteria): Promise<StatementPart | undefined> {
    const plan = rollupPlanOf(criteria);
    if (plan === undefined) return undefined;
    const watermark = await this.recentWatermark();
    return (values) => rolledTotal(criteria, plan, watermark, values);
  }

  override async histogram(criteria: EventCriteria, grouping: CountGrouping): Promise<readonly CountBucket[]> {
    const rows = await this.run(await this.histogramStatement(criteria, grouping));
    return rows
      .map(({ start, value, count }) => ({ start: start ?? 0, value: value ?? undefined, count: count ?? 0 }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => a.start - b.start);
  }

  private async histogramStatement(criteria: EventCriteria, grouping: CountGrouping): Promise<Statement> {
    const { interval, field, buckets } = grouping;
    const plan = field === 'outcome' ? undefined : rollupPlanOf(criteria, interval);
    if (plan !== undefined) return rolledStatement(criteria, plan, await this.recentWatermark(), grouping);
    if (isSearched(criteria)) {
      const { segments } = await this.segments.layout();
      return rowsStatement(dividedBy(segments, criteria, 'newest-first'), grouping);
    }
    if (buckets === undefined || field !== undefined) return rowsStatement([criteria], grouping);
    return bucketStatement(criteria, buckets.starts, buckets.end);
  }

  private async recentWatermark(): Promise<bigint> {
    const now = performance.now();
    if (this.watermark !== undefined && now < this.watermark.until) return this.watermark.transaction;
    const [row] = await this.reader.read<{ transaction: string }>({
      text: 'SELECT transaction::text AS transaction FROM events.rollup_state',
      values: [],
    });
    const transaction = BigInt(row?.transaction ?? '0');
    this.watermark = { transaction, until: now + this.watermarkAge };
    this.watermarkAge = Math.min(this.watermarkAge * 2, WATERMARK_AGES_MS.longest);
    return transaction;
  }

  private async run(statement: Statement): Promise<readonly CountRow[]> {
    return this.reader.read<CountRow>(statement);
  }
}
