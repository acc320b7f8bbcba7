import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { en } from '../../messages/en.js';
import { absoluteText } from '../../parts/moment.js';
import { secondsOf } from '../../parts/time-range.js';
import { type Histogram, histogramQuery } from './event-queries.js';
import type { EventSearch } from './event-search.js';

const HEIGHT = 56;
const DAY_SECONDS = 86_400;
/** Longer ranges are drawn by the day. */
const MOST_HOURLY_SECONDS = 7 * DAY_SECONDS;

interface EventHistogramProps {
  readonly search: EventSearch;
  /** Takes the time of a bar, as RFC 3339. */
  readonly onZoom: (from: string, to: string) => void;
}

/** How many events came when; a bar that is clicked is looked at. It is no reason to wait for, and none to complain of. */
export function EventHistogram({ search, onZoom }: EventHistogramProps) {
  const { data } = useQuery(histogramQuery(search, intervalOf(search)));
  if (data?.buckets.some(({ count }) => count > 0) !== true) return null;
  return <Bars histogram={data} onZoom={onZoom} />;
}

function Bars({
  histogram: { buckets, to },
  onZoom,
}: { readonly histogram: Histogram } & Pick<EventHistogramProps, 'onZoom'>) {
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const [first] = buckets;
  const label = en.events.histogram(total, momentOf(first?.start ?? to), momentOf(to));
  return (
    <figure className="histogram">
      <svg viewBox={`0 0 ${buckets.length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {buckets.map(({ start, count }, index) => {
          const height = count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT);
          const end = buckets[index + 1]?.start ?? to;
          return (
            <g key={start} className="slot" onClick={() => onZoom(start, end)}>
              <title>{en.events.bar(count, momentOf(start))}</title>
              <rect className="slot-area" x={index} width={1} y={0} height={HEIGHT} />
              <rect className="bar" x={index + 0.08} width={0.84} y={HEIGHT - height} height={height} />
            </g>
          );
        })}
      </svg>
      <VisuallyHidden>
        <ol>
          {buckets
            .filter(({ count }) => count > 0)
            .map(({ start, count }) => (
              <li key={start}>{en.events.bar(count, momentOf(start))}</li>
            ))}
        </ol>
      </VisuallyHidden>
    </figure>
  );
}

const momentOf = (text: string): string => absoluteText(new Date(text));

function intervalOf({ from, to }: EventSearch): 'hour' | 'day' {
  const now = Date.now();
  const begin = typeof from === 'string' ? secondsOf(from, now) : undefined;
  const end = typeof to === 'string' ? secondsOf(to, now) : now / 1_000;
  return begin !== undefined && end !== undefined && end - begin <= MOST_HOURLY_SECONDS ? 'hour' : 'day';
}
