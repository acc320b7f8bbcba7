import { describe, expect, it } from 'vitest';
import { hourBars, passes, type SourceRow, suppressedSince, systemOf } from './source-row.js';
import type { SourceMetrics } from './source-queries.js';

const NOW = Date.UTC(2026, 10, 30, 12, 30);
const metrics = {
  last_event_at: '2026-11-30T12:29:00.000Z',
  hours: [
    { hour: '2026-11-30T10:00:00.000Z', received: 5, suppressed: 5 },
    { hour: '2026-11-30T12:00:00.000Z', received: 3, suppressed: 2 },
  ],
} as unknown as SourceMetrics;

function row(more: Partial<SourceRow>): SourceRow {
  const source = { name: 'LXD', description: 'Events of LXD.', enabled: true, topic_count: 1 } as SourceRow['source'];
  return { source, system: 'lxd', topics: [], metrics, lastSwitch: undefined, ...more };
}

describe('the bars of a day', () => {
  it('are 24, the present hour last', () => {
    const bars = hourBars(metrics, NOW);
    expect(bars).toHaveLength(24);
    expect(bars.at(-1)).toMatchObject({ received: 3, suppressed: 2 });
    expect(bars.at(-2)).toEqual({ received: 0, suppressed: 0 });
    expect(bars.at(-3)).toMatchObject({ received: 5 });
  });

  it('are empty while nothing is known', () => {
    expect(hourBars(undefined, NOW).every(({ received }) => received === 0)).toBe(true);
  });
});

it('counts what was suppressed from the hour on in which a source was switched off', () => {
  expect(suppressedSince(metrics, '2026-11-30T10:59:00.000Z')).toBe(7);
  expect(suppressedSince(metrics, '2026-11-30T11:00:00.000Z')).toBe(2);
  expect(suppressedSince(undefined, '2026-11-30T11:00:00.000Z')).toBe(0);
});

it('knows the system of a source by its id, and that an API source has none', () => {
  expect(systemOf('crn:v1:tidings:public:event-notifications:global:a/tidings:0b0e:source:waldur')).toBe('waldur');
  expect(systemOf('0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d:api')).toBeUndefined();
});

describe('a filter', () => {
  it('finds a source by its name, its description or its system', () => {
    expect(passes(row({}), 'all', ' lxd ', NOW)).toBe(true);
    expect(passes(row({}), 'all', 'waldur', NOW)).toBe(false);
  });

  it('finds the silent ones', () => {
    expect(passes(row({}), 'silent', '', NOW)).toBe(false);
    expect(passes(row({}), 'silent', '', NOW + 3_600_000)).toBe(true);
    expect(passes(row({ metrics: undefined }), 'silent', '', NOW)).toBe(true);
  });

  it('tells on from off, and those that no topic has', () => {
    const off = row({ source: { ...row({}).source, enabled: false, topic_count: 0 } });
    expect([row({}), off].map((one) => passes(one, 'on', '', NOW))).toEqual([true, false]);
    expect([row({}), off].map((one) => passes(one, 'off', '', NOW))).toEqual([false, true]);
    expect([row({}), off].map((one) => passes(one, 'bare', '', NOW))).toEqual([false, true]);
  });
});
