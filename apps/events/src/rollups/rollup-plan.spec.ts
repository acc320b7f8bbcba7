import { describe, expect, it } from 'vitest';
import { firstUuidAt, formatTime, parseTime } from '@tidings/catalogue';
import { rollupPlanOf } from './rollup-plan.js';

const at = (time: string): string => firstUuidAt(parseTime(time) ?? 0n);
const owners = [{ role: 'tenant', key: '0'.repeat(32) }] as const;

function shown(...of: Parameters<typeof rollupPlanOf>): unknown {
  const plan = rollupPlanOf(...of);
  const time = (micros: bigint | undefined): string => (micros === undefined ? '…' : formatTime(micros).slice(5, 19));
  return (
    plan && [
      plan.table,
      ...plan.rolled.map(({ unit, from, to }) => `${unit} ${time(from)} ${time(to)}`),
      ...plan.edges.map(({ from, to }) => `rows ${time(from)} ${time(to)}`),
    ]
  );
}

describe('the plan of a count', () => {
  it('takes months where nothing bounds the time', () => {
    expect(shown({ owners: [] })).toEqual(['rollup', 'month … …']);
    expect(shown({ owners })).toEqual(['rollup_tenant', 'month … …']);
  });

  it('takes ever smaller units towards the ends, and rows at last', () => {
    const bounds = { firstId: at('2026-08-30T22:30:00Z'), endId: at('2026-11-02T01:00:00Z') };
    expect(shown({ owners: [], ...bounds })).toEqual([
      'rollup',
      'hour 08-30T23:00:00 08-31T00:00:00',
      'day 08-31T00:00:00 09-01T00:00:00',
      'month 09-01T00:00:00 11-01T00:00:00',
      'day 11-01T00:00:00 11-02T00:00:00',
      'hour 11-02T00:00:00 11-02T01:00:00',
      'rows 08-30T22:30:00 08-30T23:00:00',
    ]);
    expect(shown({ owners, ...bounds }, 'day')).toEqual([
      'rollup_tenant',
      'day 08-31T00:00:00 11-02T00:00:00',
      'rows 08-30T22:30:00 08-31T00:00:00',
      'rows 11-02T00:00:00 11-02T01:00:00',
    ]);
  });

  it('is none where no whole unit is asked for, and by the hour for a tenant', () => {
    expect(
      shown({ owners: [], firstId: at('2026-08-30T22:30:00Z'), endId: at('2026-08-30T23:30:00Z') }),
    ).toBeUndefined();
    expect(shown({ owners }, 'hour')).toBeUndefined();
  });
});
