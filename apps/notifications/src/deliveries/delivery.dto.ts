import { ChoiceField, IntegerField, NestedField, NestedListField, TextField, TimeField } from '@tidings/openapi';
import { EXAMPLE, IdField, InstancePath, MomentField, PathIdField, UuidQueryField } from '../api/admin-fields.js';
import { PageLink } from '../api/list.dto.js';

const DELIVERY_STATES = ['waiting', 'delivering', 'delivered', 'failed', 'cancelled'] as const;
type DeliveryState = (typeof DELIVERY_STATES)[number];

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

export class DeliveryPath extends InstancePath {
  @PathIdField('The delivery’s id.')
  id!: string;
}

/** Which deliveries are asked for. Whatever is missing does not narrow. */
export class DeliveryQuery {
  @ChoiceField(DELIVERY_STATES, { description: 'Only deliveries in this state.', optional: true, example: 'failed' })
  state?: DeliveryState;

  @UuidQueryField('Only deliveries to this destination.')
  destination_id?: string;

  @UuidQueryField('Only deliveries to this subscription.')
  subscription_id?: string;

  @UuidQueryField('Only deliveries of this event; its uuid, as the query API shows it.')
  event_id?: string;

  @MomentField({ description: 'From this time on.', optional: true, example: '2026-11-02T00:00:00Z' })
  created_from?: Date;

  @MomentField({ description: 'Before this time.', optional: true, example: '2026-11-03T00:00:00Z' })
  created_to?: Date;

  @IntegerField({
    description: 'How many entries at the most.',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
    optional: true,
    example: DEFAULT_LIMIT,
  })
  limit: number = DEFAULT_LIMIT;

  @UuidQueryField('Where the page before ended: take the link `next` instead of making one.')
  cursor?: string;
}

/** Since when what failed is to be delivered again. */
export class RecoveryDraft {
  @MomentField({ example: EXAMPLE.time })
  since!: Date;
}

export class Recovery {
  @TimeField({ example: EXAMPLE.time })
  since!: string;

  @IntegerField({ minimum: 0, example: 3 })
  recovered!: number;
}

export class DeliveredEvent {
  @TextField({ nullable: true, example: EXAMPLE.id })
  id!: string | null;

  @TextField({ nullable: true, example: 'com.canonical.lxd.lifecycle.instance-created' })
  type!: string | null;

  @TextField({ nullable: true, example: '/lxd/rack1' })
  source!: string | null;
}

export class Delivery {
  @IdField()
  id!: string;

  @ChoiceField(DELIVERY_STATES, { example: 'delivered' })
  state!: DeliveryState;

  @NestedField(() => DeliveredEvent)
  event!: DeliveredEvent;

  @IdField()
  notification_id!: string;

  @IdField()
  destination_id!: string;

  @TextField({ description: 'Null for a test of the destination.', nullable: true, example: EXAMPLE.id })
  subscription_id!: string | null;

  @TextField({ nullable: true, example: EXAMPLE.id })
  topic_id!: string | null;

  @TextField({ description: 'Null unless it is a replay.', nullable: true, example: null })
  replay_id!: string | null;

  @IntegerField({ description: 'Which configuration decided that there is this delivery.', minimum: 0, example: 12 })
  configuration_version!: number;

  @IntegerField({ minimum: 0, example: 1 })
  attempts!: number;

  @TextField({ nullable: true, example: '204' })
  last_status!: string | null;

  @TextField({ nullable: true, example: null })
  next_attempt_at!: string | null;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;

  @TextField({ nullable: true, example: EXAMPLE.time })
  ended_at!: string | null;
}

/** A page of deliveries; the link `next` leads to the one behind it. */
export class DeliveryList {
  @IntegerField({ minimum: 0, example: DEFAULT_LIMIT })
  limit!: number;

  @NestedListField(() => Delivery)
  deliveries!: Delivery[];

  @NestedField(() => PageLink, { optional: true })
  first!: PageLink;

  @NestedField(() => PageLink, { optional: true })
  next?: PageLink;
}

export class Attempt {
  @IntegerField({ minimum: 0, example: 1 })
  number!: number;

  @TimeField({ example: EXAMPLE.time })
  at!: string;

  @IntegerField({ minimum: 0, example: 12 })
  latency_ms!: number;

  @ChoiceField(['delivered', 'failed', 'refused', 'gone'], { example: 'delivered' })
  outcome!: string;

  @TextField({ nullable: true, example: '204' })
  status!: string | null;

  @TextField({ nullable: true, example: null })
  problem!: string | null;

  @TextField({
    description:
      'The beginning of what the receiver answered; of deliveries that succeeded, for tokens with `admin` alone.',
    nullable: true,
    example: null,
  })
  response_head!: string | null;
}

export class AttemptList {
  @NestedListField(() => Attempt)
  attempts!: Attempt[];
}
