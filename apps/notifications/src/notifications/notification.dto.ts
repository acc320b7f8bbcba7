import { AnyField, ChoiceField, ClassSchema, IntegerField, NestedField, TextField } from '@tidings/openapi';
import { EXAMPLE, IdField, InstancePath, PathIdField } from '../api/admin-fields.js';
import type { NotificationDelivery } from './notification-status.repository.js';

const STATUSES = ['pending', 'success', 'failed', 'cancelled'] as const;
const PRINTABLE = { type: 'string', pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$', maxLength: 480 };
const URI = { ...PRINTABLE, pattern: '^[^\\s\\u0000-\\u0020\\u007f-\\u009f]+$' };

export class NotificationPath extends InstancePath {
  @PathIdField('The notification’s id.')
  id!: string;
}

/** An event that is sent, as the document shows it; it is read as CloudEvents are, in sent-event.ts. */
@ClassSchema({
  additionalProperties: {
    description: 'Any other members: rules, templates and receivers see them where they stand, up to 64 KiB of them.',
  },
})
export class NotificationEvent {
  @ChoiceField(['1.0'], { example: '1.0' })
  specversion!: string;

  @AnyField(PRINTABLE, {
    description: 'Names the event together with its content: the same sent twice is one notification.',
    example: 'deploy-118',
  })
  id!: string;

  @AnyField(URI, { example: '/deploys' })
  source!: string;

  @AnyField(PRINTABLE, { example: 'com.example.release:live' })
  type!: string;

  @AnyField(PRINTABLE, { optional: true, nullable: true })
  subject?: string | null;

  @AnyField(
    { type: 'string', format: 'date-time' },
    { description: 'Defaults to now.', optional: true, nullable: true },
  )
  time?: string | null;

  @AnyField(URI, { optional: true, nullable: true })
  dataschema?: string | null;

  @AnyField(
    { type: 'string', pattern: '^application/json$' },
    { description: 'Or what ends in `json`.', optional: true, nullable: true },
  )
  datacontenttype?: string | null;

  @AnyField(
    {},
    {
      description: 'Any JSON; or `data_base64`, JSON in base64.',
      optional: true,
      example: { message: 'Release 118 is live.' },
    },
  )
  data?: unknown;

  @TextField({ description: 'The id of an API source.', example: EXAMPLE.sourceId })
  ibmensourceid!: string;

  @AnyField(
    {},
    { description: 'The subject of mails without a template; otherwise `ibmendefaultshort`.', optional: true },
  )
  ibmensubject?: unknown;

  @AnyField({}, { description: 'The HTML of mails without a template; otherwise `ibmendefaultlong`.', optional: true })
  ibmenhtmlbody?: unknown;

  @AnyField({}, { description: 'What Slack shows without a template; otherwise `ibmendefaultlong`.', optional: true })
  ibmenmarkdown?: unknown;

  @AnyField({}, { description: 'The event in a few words.', optional: true })
  ibmendefaultshort?: unknown;

  @AnyField({}, { description: 'The event in a few sentences.', optional: true })
  ibmendefaultlong?: unknown;
}

export class SentNotification {
  @IdField()
  notification_id!: string;
}

export class NotificationDetails {
  @IntegerField({ description: '0 if there was no answer, or one without a number.', minimum: 0, example: 204 })
  status_code!: number;

  @TextField({ example: '204' })
  status_message!: string;
}

export class NotificationDeliveries {
  @IntegerField({ minimum: 0, example: 0 })
  waiting!: number;

  @IntegerField({ minimum: 0, example: 1 })
  delivered!: number;

  @IntegerField({ minimum: 0, example: 0 })
  failed!: number;

  @IntegerField({ minimum: 0, example: 0 })
  cancelled!: number;
}

export class NotificationStatus {
  @ChoiceField(STATUSES, { example: 'success' })
  status!: (typeof STATUSES)[number];

  @NestedField(() => NotificationDetails)
  details!: NotificationDetails;

  @NestedField(() => NotificationDeliveries)
  deliveries!: NotificationDeliveries;
}

/** What became of a notification as a whole: of several deliveries, the worst; without any, rules have not taken it yet. */
export function notificationView(deliveries: readonly NotificationDelivery[]): NotificationStatus {
  const [worst] = deliveries;
  const status = statusOf(deliveries);
  const code = Number(/^\d{3}\b/.exec(worst?.last_status ?? '')?.[0] ?? 0);
  const count = (wanted: string): number =>
    deliveries.filter(({ state }) => (state === 'leased' ? 'waiting' : state) === wanted).length;
  return {
    status,
    details: { status_code: code, status_message: worst?.problem ?? worst?.last_status ?? status },
    deliveries: {
      waiting: count('waiting'),
      delivered: count('delivered'),
      failed: count('failed'),
      cancelled: count('cancelled'),
    },
  };
}

function statusOf(deliveries: readonly NotificationDelivery[]): NotificationStatus['status'] {
  const has = (...states: readonly NotificationDelivery['state'][]): boolean =>
    deliveries.some(({ state }) => states.includes(state));
  if (deliveries.length === 0 || has('waiting', 'leased')) return 'pending';
  if (has('failed')) return 'failed';
  return has('delivered') ? 'success' : 'cancelled';
}
