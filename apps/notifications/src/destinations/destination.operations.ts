import type { Operations, Schema } from '@tidings/openapi';
import {
  BODY_ERRORS,
  COUNT,
  DESCRIPTION,
  draftOf,
  EXAMPLE_ID,
  EXAMPLE_TIME,
  FLAG,
  instanceOperation,
  jsonAnswer,
  listAnswer,
  NAME,
  NEW_DESCRIPTION,
  NEW_NAME,
  objectOf,
  pathParameter,
  TEXT,
  TEXTS,
  TIME,
  UUID,
} from '../api/operation-parts.js';
import { DESTINATION_TYPES } from '../destination-types/destination-types.js';

const TAG = 'Destinations';
const PATH = '/event-notifications/v1/instances/:instance_id/destinations';
const ID = pathParameter('id', 'The destination’s id.');

const SCHEDULE = {
  type: ['array', 'null'],
  items: { type: 'integer', minimum: 0, maximum: 604_800 },
  minItems: 1,
  maxItems: 30,
  description: 'Seconds before each attempt; null is the default schedule.',
};
const CONFIG = { type: 'object', properties: { params: { type: 'object' } } };
const OWN = { enabled: FLAG, retry_schedule: SCHEDULE };
const LISTED = {
  id: UUID,
  name: NAME,
  description: DESCRIPTION,
  type: TEXT,
  collect_failed_events: FLAG,
  updated_at: TIME,
  subscription_count: COUNT,
  subscription_names: TEXTS,
  ...OWN,
};
const CONFIG_EXAMPLE = {
  params: { url: 'https://hooks.example.org/in', verb: 'post', custom_headers: {}, sensitive_headers: [] },
};
const LISTED_EXAMPLE = {
  id: EXAMPLE_ID,
  name: 'hook',
  description: '',
  type: 'webhook',
  collect_failed_events: false,
  updated_at: EXAMPLE_TIME,
  subscription_count: 1,
  subscription_names: ['releases to hook'],
  enabled: true,
  retry_schedule: null,
};
const DESTINATION = objectOf({ ...LISTED, config: CONFIG });
const EXAMPLE = { ...LISTED_EXAMPLE, config: CONFIG_EXAMPLE };
const CREATED = objectOf({
  id: UUID,
  name: NAME,
  description: DESCRIPTION,
  type: TEXT,
  collect_failed_events: FLAG,
  config: CONFIG,
  created_at: TIME,
  ...OWN,
});
const CREATED_EXAMPLE = {
  id: EXAMPLE_ID,
  name: 'hook',
  description: '',
  type: 'webhook',
  collect_failed_events: false,
  config: CONFIG_EXAMPLE,
  created_at: EXAMPLE_TIME,
  enabled: true,
  retry_schedule: null,
};
/** What `params` has is up to the type. */
const CONFIG_DRAFT = { type: 'object', required: ['params'], properties: { params: { type: 'object' } } };
const MEMBERS = {
  name: NEW_NAME,
  description: NEW_DESCRIPTION,
  collect_failed_events: FLAG,
  config: CONFIG_DRAFT,
  ...OWN,
};
const TYPE = { ...TEXT, enum: DESTINATION_TYPES.map(({ name }) => name) };

/** In a form. */
const SCHEDULE_TEXT = {
  type: 'string',
  contentMediaType: 'application/json',
  pattern: '^(null|\\[(0|[1-9][0-9]{0,4})(, ?(0|[1-9][0-9]{0,4})){0,29}\\])$',
  description: SCHEDULE.description,
};

/** As a form, whose part `config` is JSON text and which knows no null; or as JSON. */
function eitherBody(
  description: string,
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
  example: object,
) {
  const form: Schema = {
    type: 'object',
    additionalProperties: false,
    required,
    properties: { ...properties, retry_schedule: SCHEDULE_TEXT },
  };
  return {
    description: `${description} A form, whose parts \`config\` and \`retry_schedule\` are JSON texts; or JSON.`,
    required: true,
    content: {
      'multipart/form-data': { schema: form, example },
      'application/json': { schema: draftOf(properties, required), example },
    },
  };
}

/** The answer to a test of a webhook, or of any other kind. */
function tested(type: string) {
  return jsonAnswer(
    'It is under way; `GET …/notifications/{id}` tells what became of it. 202 for a webhook, 200 for any other kind.',
    objectOf({ status: TEXT, notification_id: UUID, destination_type: TEXT }),
    { status: 'pending', notification_id: EXAMPLE_ID, destination_type: type },
  );
}

/** The routes of destinations. */
export const DESTINATION_OPERATIONS: Operations = {
  [`GET ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Lists destinations, without their configurations.',
    answers: { 200: listAnswer('destinations', objectOf(LISTED), LISTED_EXAMPLE) },
  }),
  [`POST ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Makes a destination.',
    body: eitherBody('The destination.', { ...MEMBERS, type: TYPE }, ['name', 'type', 'config'], {
      name: 'hook',
      type: 'webhook',
      config: CONFIG_EXAMPLE,
    }),
    answers: { 201: jsonAnswer('The destination; what is secret is masked.', CREATED, CREATED_EXAMPLE) },
    errors: [...BODY_ERRORS, 'empty_body', 'conflict'],
  }),
  [`GET ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Gives one destination; what is secret is masked.',
    parameters: [ID],
    answers: { 200: jsonAnswer('The destination.', DESTINATION, EXAMPLE) },
  }),
  [`PATCH ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Changes a destination. What is left out, or comes back masked, stays as it is.',
    parameters: [ID],
    body: eitherBody('What is to be changed.', MEMBERS, [], { enabled: true }),
    answers: { 200: jsonAnswer('The destination.', DESTINATION, EXAMPLE) },
    errors: [...BODY_ERRORS, 'empty_body', 'conflict'],
  }),
  [`DELETE ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Deletes a destination with its subscriptions; what waits for it is cancelled.',
    parameters: [ID],
    answers: { 204: { description: 'It is deleted.' } },
  }),
  [`POST ${PATH}/:id/test`]: instanceOperation({
    tag: TAG,
    summary: 'Sends an event to a destination, once, to see whether it arrives.',
    parameters: [ID],
    answers: { 202: tested('webhook'), 200: tested('slack') },
    errors: ['conflict'],
  }),
  [`POST ${PATH}/:id/enable`]: instanceOperation({
    tag: TAG,
    summary: 'Enables a destination again, for example after too many failures; what waits goes out.',
    parameters: [ID],
    answers: { 200: jsonAnswer('The destination.', DESTINATION, EXAMPLE) },
  }),
  [`POST ${PATH}/:id/signing_secret`]: instanceOperation({
    tag: TAG,
    summary: 'Makes a new secret to sign with. The former one stays valid for a day: both sign.',
    parameters: [ID],
    answers: {
      200: jsonAnswer(
        'The secret; it is never shown again.',
        objectOf({ signing_secret: TEXT, former_valid_hours: COUNT }),
        {
          signing_secret: 'whsec_shown-in-this-answer-alone',
          former_valid_hours: 24,
        },
      ),
    },
  }),
};
