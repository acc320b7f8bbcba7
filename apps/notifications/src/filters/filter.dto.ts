import { applyDecorators } from '@nestjs/common';
import { isJsonObject } from '@tidings/catalogue';
import {
  AnyField,
  FlagField,
  IntegerField,
  NestedListField,
  Satisfies,
  TextField,
  TextListField,
} from '@tidings/openapi';
import { FilterField } from '../api/admin-fields.js';
import { RoutedEvent } from '../routing/routing.dto.js';

const DEFAULT_LAST = 100;
const MAX_LAST = 1_000;
const EXAMPLE_FILTER = "$.data.region =~ 'dallas|london'";

/** A text that is to be read as a filter. */
export class FilterText {
  @TextField({ minLength: 1, rule: 'must be the text of a filter', example: EXAMPLE_FILTER })
  filter!: string;
}

/** What a text is, read as a filter. */
export class FilterReading {
  @FlagField({ example: true })
  valid!: boolean;

  @IntegerField({ nullable: true, example: null })
  position!: number | null;

  @TextField({ nullable: true, example: null })
  problem!: string | null;

  @FlagField({ example: false })
  passes_all!: boolean;

  @TextListField({ nullable: true, example: null })
  event_types!: string[] | null;

  @FlagField({ example: true })
  reads_payload!: boolean;
}

/** What a filter is tried on: one event that is given, or the last stored ones. */
export class FilterTrial {
  @FilterField({ minLength: 1, example: EXAMPLE_FILTER })
  filter!: string;

  @AnyField({ type: 'object' }, { description: 'A CloudEvent; without it, stored events are taken.', optional: true })
  @Satisfies((event) => (isJsonObject(event) ? undefined : 'must be a CloudEvent: a JSON object'))
  event?: object;

  @StoredEventsField(
    IntegerField({
      description: 'Not together with event.',
      minimum: 1,
      maximum: MAX_LAST,
      default: DEFAULT_LAST,
      optional: true,
      example: DEFAULT_LAST,
    }),
  )
  last?: number;

  @StoredEventsField(
    TextField({ description: 'Only stored events of this source; not together with event.', optional: true }),
  )
  source_id?: string;
}

export class FilterTrialResult {
  @IntegerField({ minimum: 0, example: 100 })
  tested!: number;

  @IntegerField({ minimum: 0, example: 1 })
  matched!: number;

  @FlagField({ example: true })
  matches!: boolean;

  @IntegerField({
    description: 'For how many the filter costs more than it may; those do not match.',
    minimum: 0,
    example: 0,
  })
  cut_short!: number;

  @NestedListField(() => RoutedEvent)
  events!: RoutedEvent[];
}

/** How many stored events a trial is on. */
export function lastOf({ last = DEFAULT_LAST }: FilterTrial): number {
  return last;
}

function StoredEventsField(field: PropertyDecorator): PropertyDecorator {
  return applyDecorators(
    field,
    Satisfies((_value, trial) =>
      (trial as FilterTrial).event === undefined
        ? undefined
        : 'goes with stored events; leave it out, or leave out event',
    ),
  );
}
