import type { SourceHour } from './source-metrics.dto.js';
import type { CountedHour } from './source-metrics.repository.js';

/** The sums of some hours, and the hours. */
export function hourlyView(counted: readonly CountedHour[]) {
  const hours: SourceHour[] = counted.map(({ sourceId: _, ...hour }) => hour);
  const total = (count: Exclude<keyof SourceHour, 'hour'>) => hours.reduce((sum, hour) => sum + hour[count], 0);
  return {
    received: total('received'),
    matched: total('matched'),
    suppressed: total('suppressed'),
    deliveries: total('deliveries'),
    hours,
  };
}
