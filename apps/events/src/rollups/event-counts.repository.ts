import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { EventCounts, type CountBucket, type CountGrouping } from '../query/event-counts.js';
import type { EventCriteria } from '../query/event-criteria.js';
import type { Statement } from '../query/statement.js';
import { rollupPlanOf } from './rollup-plan.js';
import { rolledStatement, rowsStatement } from './rollup-statement.js';

interface CountRow {
  readonly start: number | null;
  readonly value: number | null;
  readonly count: number | null;
}

/** An older watermark is as right as the present one, only slower. */
const WATERMARK_AGE_MS = 1_000;

/** Counts events by the roll-ups. */
@Injectable()
export class RolledEventCounts extends EventCounts {
  private watermark: { readonly transaction: string; readonly readAt: number } | undefined;

  constructor(private readonly pool: Pool) {
    super();
  }

  override async count(criteria: EventCriteria): Promise<number | undefined> {
    const plan = rollupPlanOf(criteria);
    if (plan === undefined) return undefined;
    const rows = await this.run(rolledStatement(criteria, plan, await this.recentWatermark()));
    return rows.reduce((sum, { count }) => sum + (count ?? 0), 0);
  }

  override async histogram(criteria: EventCriteria, grouping: CountGrouping): Promise<readonly CountBucket[]> {
    const plan = grouping.field === 'outcome' ? undefined : rollupPlanOf(criteria, grouping.interval);
    const rows = await this.run(
      plan === undefined
        ? rowsStatement(criteria, grouping)
        : rolledStatement(criteria, plan, await this.recentWatermark(), grouping),
    );
    return rows
      .map(({ start, value, count }) => ({ start: start ?? 0, value: value ?? undefined, count: count ?? 0 }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => a.start - b.start);
  }

  private async recentWatermark(): Promise<string> {
    const now = performance.now();
    if (this.watermark !== undefined && now - this.watermark.readAt < WATERMARK_AGE_MS) {
      return this.watermark.transaction;
    }
    const { rows } = await this.pool.query<{ transaction: string }>(
      'SELECT transaction::text AS transaction FROM events.rollup_state',
    );
    const transaction = rows[0]?.transaction ?? '0';
    this.watermark = { transaction, readAt: now };
    return transaction;
  }

  private async run({ text, values }: Statement): Promise<readonly CountRow[]> {
    return (await this.pool.query<CountRow>(text, [...values])).rows;
  }
}
