import type { Operations } from '@tidings/openapi';
import {
  BODY_ERRORS,
  DESCRIPTION,
  draftOf,
  EXAMPLE_ID,
  EXAMPLE_TIME,
  FILTER_TEXT,
  instanceOperation,
  jsonAnswer,
  jsonBody,
  listAnswer,
  NAME,
  NEW_DESCRIPTION,
  NEW_NAME,
  objectOf,
  pathParameter,
  TEXT,
  TIME,
  UUID,
} from '../api/operation-parts.js';

const TAG = 'Subscriptions';
const PATH = '/event-notifications/v1/instances/:instance_id/subscriptions';
const ID = pathParameter('id', 'The subscription’s id.');

const FILTER = { type: ['string', 'null'], description: 'What of the topic it takes; null is all of it.' };
const ATTRIBUTES = { type: 'object', description: 'As the destination’s kind understands them.' };
const LISTED = {
  id: UUID,
  name: NAME,
  description: DESCRIPTION,
  updated_at: TIME,
  destination_type: TEXT,
  destination_id: UUID,
  destination_name: NAME,
  topic_id: UUID,
  topic_name: NAME,
  filter: FILTER,
};
const LISTED_EXAMPLE = {
  id: EXAMPLE_ID,
  name: 'releases to hook',
  description: '',
  updated_at: EXAMPLE_TIME,
  destination_type: 'webhook',
  destination_id: EXAMPLE_ID,
  destination_name: 'hook',
  topic_id: EXAMPLE_ID,
  topic_name: 'releases',
  filter: null,
};
const SUBSCRIPTION = objectOf({ ...LISTED, attributes: ATTRIBUTES });
const EXAMPLE = { ...LISTED_EXAMPLE, attributes: { signing_enabled: false, add_notification_payload: true } };
const CHANGED = {
  ...SUBSCRIPTION,
  properties: {
    ...LISTED,
    attributes: ATTRIBUTES,
    signing_secret: { ...TEXT, description: 'Where signing is enabled for the destination’s first time; shown once.' },
  },
};
const MEMBERS = {
  name: NEW_NAME,
  description: NEW_DESCRIPTION,
  attributes: ATTRIBUTES,
  filter: { ...FILTER_TEXT, ...FILTER },
};

/** The routes of subscriptions. */
export const SUBSCRIPTION_OPERATIONS: Operations = {
  [`GET ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Lists subscriptions, without their attributes.',
    answers: { 200: listAnswer('subscriptions', objectOf(LISTED), LISTED_EXAMPLE) },
  }),
  [`POST ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Lets a destination have what a topic takes.',
    body: jsonBody(
      'The subscription.',
      draftOf({ ...MEMBERS, topic_id: UUID, destination_id: UUID }, ['name', 'topic_id', 'destination_id']),
      {
        name: 'releases to hook',
        topic_id: EXAMPLE_ID,
        destination_id: EXAMPLE_ID,
        attributes: { signing_enabled: true },
      },
    ),
    answers: { 201: jsonAnswer('The subscription.', CHANGED, EXAMPLE) },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`GET ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Gives one subscription.',
    parameters: [ID],
    answers: { 200: jsonAnswer('The subscription.', SUBSCRIPTION, EXAMPLE) },
  }),
  [`PATCH ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Changes a subscription; what is left out stays as it is.',
    parameters: [ID],
    body: jsonBody('What is to be changed.', draftOf(MEMBERS, []), { filter: "$.data.severity == 'high'" }),
    answers: { 200: jsonAnswer('The subscription.', CHANGED, EXAMPLE) },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`DELETE ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Deletes a subscription; what waits for it is cancelled.',
    parameters: [ID],
    answers: { 204: { description: 'It is deleted.' } },
  }),
};
