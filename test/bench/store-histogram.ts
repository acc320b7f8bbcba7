import { type Figure, percentile, progress } from './figures.js';
import type { ShapeWorld } from './store-queries.js';
import { CUSTOMERS, customerUuid } from './store-templates.js';
import { AUTHORIZATION } from './world.js';

const MOST_MS = 150;
const CALLS = 60;
const SECONDS = 8;

const CUSTOMERS_ASKED = [
  ['the largest customer', 0],
  ['the median customer', CUSTOMERS / 2],
  ['the smallest customer', CUSTOMERS - 1],
] as const;
const GROUPINGS = ['interval=day', 'interval=month&by=type', 'interval=hour'] as const;

/** Counts by time of customers of different sizes, one after the other. */
export async function histogramFigures({ url, generator }: ShapeWorld): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [whose, number] of CUSTOMERS_ASKED) {
    for (const grouping of GROUPINGS) {
      progress(`histogram of ${whose}, ${grouping}`);
      const paths = [`/api/events/histogram/?customer_uuid=${customerUuid(number)}&${grouping}`];
      const target = { kind: 'http', url, headers: AUTHORIZATION, paths } as const;
      await generator.run({ target, inFlight: 1, calls: 3, seconds: SECONDS });
      const { each, failure } = await generator.run({ target, inFlight: 1, calls: CALLS, seconds: SECONDS });
      const p99 = failure === undefined ? percentile(each, 0.99) : Number.NaN;
      figures.push({
        name: `histogram of ${whose}, ${grouping}, p99`,
        unit: 'ms',
        value: p99,
        aim: { text: failure ?? `< ${MOST_MS} ms`, reached: p99 < MOST_MS },
      });
    }
  }
  return figures;
}
