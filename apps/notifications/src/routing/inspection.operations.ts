import type { Operations, Schema } from '@tidings/openapi';
import {
  BODY_ERRORS,
  COUNT,
  draftOf,
  EXAMPLE_ID,
  EXAMPLE_TIME,
  FILTER_TEXT,
  FLAG,
  instanceOperation,
  jsonAnswer,
  jsonBody,
  NAME,
  objectOf,
  pathParameter,
  TEXT,
  TIME,
  UUID,
} from '../api/operation-parts.js';

const TAG = 'Rules';
const PATH = '/event-notifications/v1/instances/:instance_id';
const NULLABLE_TEXT: Schema = { type: ['string', 'null'] };

const EVENT = objectOf({ uuid: UUID, id: TEXT, source: TEXT, type: TEXT, subject: NULLABLE_TEXT, time: TIME });
const EVENT_EXAMPLE = {
  uuid: '65f2a9c1-4f0e-8d11-9c39-0d8b8e1a4f5d',
  id: '1',
  source: '/waldur/main',
  type: 'com.waldur.resource_creation_succeeded',
  subject: '47eaa0992cb6416d86dc283cf0480ff9',
  time: EXAMPLE_TIME,
};

const listOf = (items: Schema): Schema => ({ type: 'array', items });
const FILTER = objectOf({ filter: TEXT, matches: FLAG });
const RULE = objectOf({
  id: UUID,
  enabled: FLAG,
  matches: FLAG,
  event_type_filter: FILTER,
  notification_filter: FILTER,
});
const SUBSCRIPTION = objectOf({ id: UUID, name: NAME, destination_id: UUID, matches: FLAG, filter: NULLABLE_TEXT });
const TOPIC = objectOf({
  id: UUID,
  name: NAME,
  matches: FLAG,
  reason: {
    type: ['string', 'null'],
    enum: ['source_disabled', 'source_not_in_topic', 'no_rule_matches', 'no_source', null],
  },
  explanation: TEXT,
  rules: listOf(RULE),
  subscriptions: listOf(SUBSCRIPTION),
});
const DELIVERY = objectOf({
  id: UUID,
  subscription_id: UUID,
  topic_id: UUID,
  destination_id: UUID,
  notification_id: UUID,
  configuration_version: COUNT,
  state: { type: 'string', enum: ['waiting', 'delivered', 'failed', 'cancelled'] },
  attempts: COUNT,
  created_at: TIME,
});
const SOURCE: Schema = {
  type: ['object', 'null'],
  required: ['id', 'name', 'enabled'],
  properties: { id: TEXT, name: NAME, enabled: FLAG },
};
const HOUR = { received: COUNT, matched: COUNT, suppressed: COUNT, deliveries: COUNT };
const HOUR_EXAMPLE = { received: 120, matched: 7, suppressed: 0, deliveries: 9 };

/** The routes that explain rules. */
export const INSPECTION_OPERATIONS: Operations = {
  [`GET ${PATH}/events/:id/routing`]: instanceOperation({
    tag: TAG,
    summary:
      'Tells which topics take a stored event under the present rules, why the others do not, and what was delivered.',
    parameters: [pathParameter('id', 'The stored event’s uuid.', EVENT_EXAMPLE.uuid)],
    answers: {
      200: jsonAnswer(
        'How the event goes.',
        objectOf({
          event: EVENT,
          configuration_version: COUNT,
          source: SOURCE,
          topics: listOf(TOPIC),
          deliveries: listOf(DELIVERY),
        }),
        {
          event: EVENT_EXAMPLE,
          configuration_version: 12,
          source: { id: `${EXAMPLE_ID}:api`, name: 'Waldur', enabled: true },
          topics: [
            {
              id: EXAMPLE_ID,
              name: 'failures',
              matches: false,
              reason: 'no_rule_matches',
              explanation: 'No enabled rule of the source in this topic passes the event.',
              rules: [
                {
                  id: EXAMPLE_ID,
                  enabled: true,
                  matches: false,
                  event_type_filter: { filter: "$.type =~ 'failed$'", matches: false },
                  notification_filter: { filter: '$.*', matches: true },
                },
              ],
              subscriptions: [
                { id: EXAMPLE_ID, name: 'on call', destination_id: EXAMPLE_ID, matches: false, filter: null },
              ],
            },
          ],
          deliveries: [],
        },
      ),
    },
    errors: ['events_unavailable'],
  }),
  [`GET ${PATH}/sources/metrics`]: instanceOperation({
    tag: TAG,
    summary: 'Counts by the hour what came from each source, and says when its last event came.',
    answers: {
      200: jsonAnswer(
        'Every source; hours without events are left out.',
        objectOf({
          sources: listOf(
            objectOf({
              source_id: TEXT,
              last_event_at: { type: ['string', 'null'], format: 'date-time' },
              ...HOUR,
              hours: listOf(objectOf({ hour: TIME, ...HOUR })),
            }),
          ),
        }),
        {
          sources: [
            {
              source_id: `${EXAMPLE_ID}:api`,
              last_event_at: EXAMPLE_TIME,
              ...HOUR_EXAMPLE,
              hours: [{ hour: '2026-11-02T08:00:00.000Z', ...HOUR_EXAMPLE }],
            },
          ],
        },
      ),
    },
    errors: ['invalid_query'],
  }),
  [`GET ${PATH}/sources/:id/metrics`]: instanceOperation({
    tag: TAG,
    summary: 'Counts what came from a source by the hour: received, matched by a topic, suppressed while disabled.',
    parameters: [pathParameter('id', 'The source’s id, percent-encoded.', `${EXAMPLE_ID}:api`)],
    answers: {
      200: jsonAnswer(
        'The counts, and their sums; hours without events are left out.',
        objectOf({ source_id: TEXT, ...HOUR, hours: listOf(objectOf({ hour: TIME, ...HOUR })) }),
        {
          source_id: `${EXAMPLE_ID}:api`,
          ...HOUR_EXAMPLE,
          hours: [{ hour: '2026-11-02T08:00:00.000Z', ...HOUR_EXAMPLE }],
        },
      ),
    },
    errors: ['invalid_query'],
  }),
  [`POST ${PATH}/filters/validate`]: instanceOperation({
    tag: TAG,
    summary: 'Reads a filter, and says where it cannot be read.',
    body: jsonBody('The filter.', draftOf({ filter: { ...TEXT, minLength: 1 } }, ['filter']), {
      filter: "$.data.region =~ 'dallas|london'",
    }),
    answers: {
      200: jsonAnswer(
        'What it is.',
        objectOf({
          valid: FLAG,
          position: { type: ['integer', 'null'] },
          problem: NULLABLE_TEXT,
          passes_all: FLAG,
          event_types: { type: ['array', 'null'], items: TEXT },
          reads_payload: FLAG,
        }),
        { valid: true, position: null, problem: null, passes_all: false, event_types: null, reads_payload: true },
      ),
    },
    errors: BODY_ERRORS,
  }),
  [`POST ${PATH}/filters/test`]: instanceOperation({
    tag: TAG,
    summary: 'Tries a filter on an event, or on the last stored ones that the instance may see.',
    body: jsonBody(
      'The filter, and what it is tried on.',
      draftOf(
        {
          filter: { ...FILTER_TEXT, minLength: 1 },
          event: { type: 'object', description: 'A CloudEvent; without it, stored events are taken.' },
          last: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'Not together with event.' },
          source_id: { type: 'string', description: 'Only stored events of this source; not together with event.' },
        },
        ['filter'],
      ),
      { filter: "$.data.region =~ 'dallas|london'", last: 100 },
    ),
    answers: {
      200: jsonAnswer(
        'How many match, for how many the filter costs more than it may, which is no match, and up to a hundred of those that match, newest first.',
        objectOf({ tested: COUNT, matched: COUNT, matches: FLAG, cut_short: COUNT, events: listOf(EVENT) }),
        { tested: 100, matched: 1, matches: true, cut_short: 0, events: [EVENT_EXAMPLE] },
      ),
    },
    errors: [...BODY_ERRORS, 'events_unavailable'],
  }),
};
