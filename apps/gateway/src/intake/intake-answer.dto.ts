import type { Problem } from '@tidings/catalogue';
import { AnyField, ChoiceField, IntegerField, NestedListField, TextField } from '@tidings/openapi';
import { type EventStatus, KEPT_STATUSES, type RejectionCode } from './reading.js';

/** What became of one event of a request. */
export class EventAnswer {
  @IntegerField({
    description: 'Its position in the request, from 0; blank lines do not count.',
    minimum: 0,
    example: 0,
  })
  position!: number;

  @ChoiceField([...KEPT_STATUSES, 'rejected'], { example: 'accepted' })
  status!: EventStatus;

  @TextField({ optional: true, example: 'a-1' })
  id?: string;

  @TextField({ optional: true, example: '/waldur/main' })
  source?: string;

  @TextField({ optional: true })
  type?: string;

  @TextField({ description: 'Its uuid in the query API.', optional: true })
  uuid?: string;

  @TextField({ description: 'Of a rejected event: a code of the error table.', optional: true })
  code?: RejectionCode;

  @AnyField({ type: 'array', items: { type: 'object' } }, { optional: true })
  problems?: readonly Problem[];
}

/** The answer to a request with events, whether it succeeded or not. */
export class IntakeAnswer {
  @IntegerField({
    description: 'Events acknowledged by Kafka, including uncatalogued and non-conforming ones.',
    minimum: 0,
    example: 1,
  })
  accepted!: number;

  @IntegerField({ minimum: 0, example: 0 })
  rejected!: number;

  @IntegerField({
    description: 'Acknowledged by Kafka but not valid events: they are kept as dead letters.',
    minimum: 0,
    example: 0,
  })
  dead_lettered!: number;

  @IntegerField({ minimum: 0, example: 0 })
  uncatalogued!: number;

  @IntegerField({ minimum: 0, example: 0 })
  non_conforming!: number;

  @NestedListField(() => EventAnswer, {
    description: 'Every event, if there are no more than 1,000.',
    optional: true,
  })
  events?: readonly EventAnswer[];

  @AnyField(
    { type: 'array', items: { $ref: '#/components/schemas/EventAnswer' } },
    { description: 'Otherwise the first 1,000 events that were not simply accepted.', optional: true },
  )
  exceptions?: readonly EventAnswer[];

  @IntegerField({
    description: 'How many exceptions are not listed, because the answer would be too long.',
    minimum: 0,
    optional: true,
  })
  unlisted?: number;
}
