import type { Operations, Schema } from '@tidings/openapi';
import {
  COUNT,
  EXAMPLE_ID,
  instanceOperation,
  jsonAnswer,
  objectOf,
  pathParameter,
  TEXT,
  UUID,
} from '../api/operation-parts.js';

const TAG = 'Notifications';
const PATH = '/event-notifications/v1/instances/:instance_id/notifications';

const PRINTABLE = { ...TEXT, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$', maxLength: 480 };
const URI = { ...PRINTABLE, pattern: '^[^\\s\\u0000-\\u0020\\u007f-\\u009f]+$' };
const orNull = (schema: Schema): Schema => ({ ...schema, type: ['string', 'null'] });
const EVENT = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'ibmensourceid'],
  properties: {
    specversion: { type: 'string', enum: ['1.0'] },
    id: {
      ...PRINTABLE,
      description: 'Names the event together with its content: the same sent twice is one notification.',
    },
    source: URI,
    type: PRINTABLE,
    subject: orNull(PRINTABLE),
    time: { type: ['string', 'null'], format: 'date-time', description: 'The present without it.' },
    dataschema: orNull(URI),
    datacontenttype: {
      type: ['string', 'null'],
      pattern: '^application/json$',
      description: 'Or what ends in `json`.',
    },
    data: { description: 'Any JSON; or `data_base64`, JSON in base64.' },
    ibmensourceid: { ...TEXT, description: 'The id of an API source.' },
    ibmensubject: { description: 'The subject of mails without a template; otherwise `ibmendefaultshort`.' },
    ibmenhtmlbody: { description: 'The HTML of mails without a template; otherwise `ibmendefaultlong`.' },
    ibmenmarkdown: { description: 'What Slack shows without a template; otherwise `ibmendefaultlong`.' },
    ibmendefaultshort: { description: 'The event in a few words.' },
    ibmendefaultlong: { description: 'The event in a few sentences.' },
  },
  additionalProperties: {
    description: 'Any other members: rules, templates and receivers see them where they stand, up to 64 KiB of them.',
  },
};
const EVENT_EXAMPLE = {
  specversion: '1.0',
  id: 'deploy-118',
  source: '/deploys',
  type: 'com.example.release:live',
  ibmensourceid: `${EXAMPLE_ID}:api`,
  data: { message: 'Release 118 is live.' },
};
const STATUS = objectOf({
  status: { type: 'string', enum: ['pending', 'success', 'failed', 'cancelled'] },
  details: objectOf({ status_code: COUNT, status_message: TEXT }),
  deliveries: objectOf({ waiting: COUNT, delivered: COUNT, failed: COUNT, cancelled: COUNT }),
});

/** The routes of notifications. */
export const NOTIFICATION_OPERATIONS: Operations = {
  [`POST ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Sends an event from an API source: a CloudEvent as JSON, or in binary mode.',
    body: {
      description: 'The CloudEvent.',
      required: true,
      content: {
        'application/json': { schema: EVENT, example: EVENT_EXAMPLE },
        'application/cloudevents+json': { schema: EVENT, example: EVENT_EXAMPLE },
      },
    },
    answers: {
      202: jsonAnswer('It is on the bus.', objectOf({ notification_id: UUID }), { notification_id: EXAMPLE_ID }),
    },
    errors: [
      'invalid_query',
      'malformed_json',
      'empty_body',
      'source_not_allowed',
      'event_too_large',
      'unsupported_media_type',
      'unprocessable_event',
      'broker_unavailable',
      'overloaded',
    ],
  }),
  [`GET ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Tells what became of a notification, or of a destination’s test.',
    parameters: [pathParameter('id', 'The notification’s id.')],
    answers: {
      200: jsonAnswer('Of several deliveries, the worst.', STATUS, {
        status: 'success',
        details: { status_code: 204, status_message: '204' },
        deliveries: { waiting: 0, delivered: 1, failed: 0, cancelled: 0 },
      }),
    },
  }),
};
