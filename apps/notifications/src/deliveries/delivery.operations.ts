import type { Operations } from '@tidings/openapi';
import {
  BODY_ERRORS,
  COUNT,
  EXAMPLE_ID,
  EXAMPLE_TIME,
  instanceOperation,
  jsonAnswer,
  jsonBody,
  objectOf,
  pathParameter,
  TEXT,
  TIME,
  UUID,
} from '../api/operation-parts.js';
import { DELIVERY_STATES } from './delivery-query.js';

const TAG = 'Deliveries';
const ROOT = '/event-notifications/v1/instances/:instance_id';
const PATH = `${ROOT}/deliveries`;
const ID = pathParameter('id', 'The delivery’s id.');

const OR_NULL = { type: ['string', 'null'] };
const DELIVERY = objectOf({
  id: UUID,
  state: { type: 'string', enum: DELIVERY_STATES },
  event: objectOf({ id: OR_NULL, type: OR_NULL, source: OR_NULL }),
  notification_id: UUID,
  destination_id: UUID,
  subscription_id: { ...OR_NULL, description: 'Null: a test of the destination.' },
  topic_id: OR_NULL,
  replay_id: { ...OR_NULL, description: 'Null: it is no replay.' },
  configuration_version: { ...COUNT, description: 'Which configuration decided that there is this delivery.' },
  attempts: COUNT,
  last_status: OR_NULL,
  next_attempt_at: OR_NULL,
  created_at: TIME,
  ended_at: OR_NULL,
});
const EXAMPLE = {
  id: EXAMPLE_ID,
  state: 'delivered',
  event: { id: EXAMPLE_ID, type: 'com.canonical.lxd.lifecycle.instance-created', source: '/lxd/rack1' },
  notification_id: EXAMPLE_ID,
  destination_id: EXAMPLE_ID,
  subscription_id: EXAMPLE_ID,
  topic_id: EXAMPLE_ID,
  replay_id: null,
  configuration_version: 12,
  attempts: 1,
  last_status: '204',
  next_attempt_at: null,
  created_at: EXAMPLE_TIME,
  ended_at: EXAMPLE_TIME,
};
const ATTEMPT = objectOf({
  number: COUNT,
  at: TIME,
  latency_ms: COUNT,
  outcome: { type: 'string', enum: ['delivered', 'failed', 'refused', 'gone'] },
  status: OR_NULL,
  problem: OR_NULL,
  response_head: {
    ...OR_NULL,
    description:
      'The beginning of what the receiver answered; of deliveries that succeeded, for tokens with `admin` alone.',
  },
});
const LINK = objectOf({ href: TEXT });

/** The routes of deliveries. */
export const DELIVERY_OPERATIONS: Operations = {
  [`GET ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Lists deliveries, newest first.',
    answers: {
      200: jsonAnswer(
        'A page; the link `next` leads to the one behind it.',
        {
          ...objectOf({ limit: COUNT, deliveries: { type: 'array', items: DELIVERY } }),
          properties: { limit: COUNT, deliveries: { type: 'array', items: DELIVERY }, first: LINK, next: LINK },
        },
        { limit: 10, deliveries: [EXAMPLE], first: { href: '/' } },
      ),
    },
    errors: ['invalid_query'],
  }),
  [`GET ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Gives one delivery.',
    parameters: [ID],
    answers: { 200: jsonAnswer('The delivery.', DELIVERY, EXAMPLE) },
  }),
  [`GET ${PATH}/:id/attempts`]: instanceOperation({
    tag: TAG,
    summary: 'Lists the attempts at a delivery.',
    parameters: [ID],
    answers: {
      200: jsonAnswer('All of them, in order.', objectOf({ attempts: { type: 'array', items: ATTEMPT } }), {
        attempts: [
          {
            number: 1,
            at: EXAMPLE_TIME,
            latency_ms: 12,
            outcome: 'delivered',
            status: '204',
            problem: null,
            response_head: null,
          },
        ],
      }),
    },
  }),
  [`POST ${PATH}/:id/retry`]: instanceOperation({
    tag: TAG,
    summary: 'Has a delivery made again at once, with all of its attempts; also one that arrived.',
    parameters: [ID],
    answers: { 202: jsonAnswer('The delivery, waiting.', DELIVERY, { ...EXAMPLE, state: 'waiting' }) },
    errors: ['conflict'],
  }),
  [`POST ${ROOT}/destinations/:id/recover`]: instanceOperation({
    tag: TAG,
    summary: 'Has everything made again that failed for a destination since a time.',
    parameters: [pathParameter('id', 'The destination’s id.')],
    body: jsonBody('Since when.', objectOf({ since: TIME }), { since: EXAMPLE_TIME }),
    answers: {
      202: jsonAnswer('How many are under way.', objectOf({ since: TIME, recovered: COUNT }), {
        since: EXAMPLE_TIME,
        recovered: 3,
      }),
    },
    errors: BODY_ERRORS,
  }),
};
