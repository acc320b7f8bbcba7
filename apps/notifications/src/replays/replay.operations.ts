import type { Operations } from '@tidings/openapi';
import {
  BODY_ERRORS,
  COUNT,
  draftOf,
  EXAMPLE_ID,
  EXAMPLE_TIME,
  instanceOperation,
  jsonAnswer,
  jsonBody,
  objectOf,
  pathParameter,
  TIME,
  UUID,
} from '../api/operation-parts.js';

const TAG = 'Deliveries';
const ROOT = '/event-notifications/v1/instances/:instance_id';
const ID = pathParameter('id', 'The replay’s id.');

const QUERY = {
  type: 'object',
  description: 'Parameters of `GET /api/events/`, each a text or an array of texts.',
  minProperties: 1,
};
const OR_NULL = { type: ['string', 'null'] };
const REPLAY = objectOf({
  id: UUID,
  subscription_id: UUID,
  query: QUERY,
  state: { type: 'string', enum: ['running', 'done', 'cancelled', 'failed'] },
  problem: OR_NULL,
  found: { ...COUNT, description: 'How many stored events that the instance may see have been looked at.' },
  queued: { ...COUNT, description: 'How many of them the subscription takes.' },
  delivered: COUNT,
  failed: COUNT,
  cancelled: COUNT,
  waiting: COUNT,
  created_at: TIME,
  ended_at: OR_NULL,
});
const EXAMPLE = {
  id: EXAMPLE_ID,
  subscription_id: EXAMPLE_ID,
  query: { event_type: 'instance-created' },
  state: 'running',
  problem: null,
  found: 200,
  queued: 180,
  delivered: 120,
  failed: 0,
  cancelled: 0,
  waiting: 60,
  created_at: EXAMPLE_TIME,
  ended_at: null,
};

/** The routes of replays. */
export const REPLAY_OPERATIONS: Operations = {
  [`POST ${ROOT}/subscriptions/:id/replay`]: instanceOperation({
    tag: TAG,
    summary: 'Sends stored events to a subscription once more: those that a query finds and its rules take now.',
    parameters: [pathParameter('id', 'The subscription’s id.')],
    body: jsonBody('Which events.', draftOf({ query: QUERY }, ['query']), {
      query: { event_type: 'instance-created' },
    }),
    answers: { 202: jsonAnswer('It is under way.', REPLAY, EXAMPLE) },
    errors: [...BODY_ERRORS, 'events_unavailable'],
  }),
  [`GET ${ROOT}/replays/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Tells how far a replay has come.',
    parameters: [ID],
    answers: { 200: jsonAnswer('The replay.', REPLAY, EXAMPLE) },
  }),
  [`DELETE ${ROOT}/replays/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Ends a replay; what it has queued and not delivered is cancelled.',
    parameters: [ID],
    answers: { 204: { description: 'It is ended.' } },
  }),
};
