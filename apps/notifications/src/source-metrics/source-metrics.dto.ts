import { IntegerField, NestedListField, TextField, TimeField } from '@tidings/openapi';
import { EXAMPLE } from '../api/admin-fields.js';

const DEFAULT_HOURS = 24;
const MAX_HOURS = 24 * 31;

/** For how long metrics are asked. */
export class MetricsQuery {
  @IntegerField({
    description: 'How many hours back, the present one among them.',
    minimum: 1,
    maximum: MAX_HOURS,
    default: DEFAULT_HOURS,
    optional: true,
    example: DEFAULT_HOURS,
  })
  hours: number = DEFAULT_HOURS;
}

/** What came from a source, and what became of it. */
class SourceCounts {
  @IntegerField({ minimum: 0, example: 120 })
  received!: number;

  @IntegerField({ minimum: 0, example: 7 })
  matched!: number;

  @IntegerField({ minimum: 0, example: 0 })
  suppressed!: number;

  @IntegerField({ minimum: 0, example: 9 })
  deliveries!: number;
}

/** What came from a source within an hour. */
export class SourceHour extends SourceCounts {
  @TimeField({ example: '2026-11-02T08:00:00.000Z' })
  hour!: string;
}

export class SourceMetrics extends SourceCounts {
  @TextField({ example: EXAMPLE.sourceId })
  source_id!: string;

  @NestedListField(() => SourceHour)
  hours!: SourceHour[];
}

/** The same with the time of the last event. */
export class ListedSourceMetrics extends SourceMetrics {
  @TimeField({ nullable: true, example: EXAMPLE.time })
  last_event_at!: string | null;
}

export class AllSourceMetrics {
  @NestedListField(() => ListedSourceMetrics)
  sources!: ListedSourceMetrics[];
}
