import {
  ClassSchema,
  FlagField,
  IntegerField,
  JsonObjectField,
  NUMBER_PATTERN,
  TextField,
  UUID_PATTERN,
} from '@tidings/openapi';

/** What the API's document shows. */
export const EXAMPLE_EVENT = {
  uuid: '019b2a3c4d5e7f60812233445566778f',
  created: '2026-11-02T08:01:53.204Z',
  event_type: 'customer_creation_succeeded',
  message: 'Customer Tartu has been created.',
  context: { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9' },
};

/** Lists show uuids only, while Waldur's clients retrieve by a number: both name an event. */
export class EventPath {
  @TextField({
    description: 'The event’s uuid, with hyphens or without, or its number.',
    pattern: new RegExp(`${UUID_PATTERN}|${NUMBER_PATTERN}`),
    example: EXAMPLE_EVENT.uuid,
  })
  id!: string;
}

/** An event; with `field`, only some of its members. Events are written as JSON text: see event-json.ts. */
@ClassSchema({ name: 'Event' })
export class ListedEvent {
  @TextField({ pattern: /^[0-9a-f]{32}$/, optional: true, example: EXAMPLE_EVENT.uuid })
  uuid?: string;

  @TextField({ description: 'When it happened (RFC 3339).', optional: true, example: EXAMPLE_EVENT.created })
  created?: string;

  @TextField({ description: 'Its native name.', optional: true, example: EXAMPLE_EVENT.event_type })
  event_type?: string;

  @TextField({ optional: true, example: EXAMPLE_EVENT.message })
  message?: string;

  @JsonObjectField({
    description: 'The event’s details, as its system sent them.',
    optional: true,
    example: EXAMPLE_EVENT.context,
  })
  context?: object;

  @TextField({ description: 'Its system, if `field` names it.', optional: true })
  system?: string;

  @TextField({ description: 'Its full type name, if `field` names it.', optional: true })
  type?: string;

  @TextField({ description: 'Its CloudEvents source, if `field` names it.', optional: true })
  source?: string;

  @TextField({ description: 'The name of its system’s installation, if `field` names it.', optional: true })
  site?: string;

  @TextField({ description: 'Its CloudEvents id, unique within its source, if `field` names it.', optional: true })
  id?: string;

  @TextField({ description: 'What it is about, if `field` names it.', optional: true, nullable: true })
  subject?: string | null;

  @TextField({ description: 'The outcome of its action, if `field` names it.', optional: true, nullable: true })
  outcome?: string | null;

  @FlagField({ description: 'Whether its payload is valid by its type, if `field` names it.', optional: true })
  conforming?: boolean;

  @JsonObjectField({ description: 'The whole CloudEvent, if `field` names it.', optional: true })
  cloudevent?: object;
}

export class EventCount {
  @IntegerField({ minimum: 0, example: 4711 })
  count!: number;
}

/** Names of event types by group. */
@ClassSchema({
  additionalProperties: { type: 'array', items: { type: 'string' } },
  example: { customers: ['customer_creation_succeeded', 'customer_deletion_succeeded'] },
})
export class EventGroups {
  readonly [group: string]: readonly string[];
}
