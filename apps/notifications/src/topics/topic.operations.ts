import type { Operations } from '@tidings/openapi';
import {
  BODY_ERRORS,
  COUNT,
  DESCRIPTION,
  draftOf,
  EXAMPLE_ID,
  EXAMPLE_TIME,
  FILTER_TEXT,
  FLAG,
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
  TEXTS,
  TIME,
  UUID,
} from '../api/operation-parts.js';

const TAG = 'Topics';
const PATH = '/event-notifications/v1/instances/:instance_id/topics';
const ID = pathParameter('id', 'The topic’s id.');
const SOURCE_ID = pathParameter('source_id', 'The source’s id, percent-encoded.', `${EXAMPLE_ID}:api`);

const FILTERS = { event_type_filter: TEXT, notification_filter: TEXT };
const FILTER_DRAFTS = { event_type_filter: FILTER_TEXT, notification_filter: FILTER_TEXT };
const RULE_DRAFT = draftOf({ id: UUID, updated_at: {}, enabled: FLAG, ...FILTER_DRAFTS }, []);
const RULES_DRAFT = { type: 'array', maxItems: 100, items: RULE_DRAFT };
const RULE = objectOf({ id: UUID, enabled: FLAG, ...FILTERS, updated_at: TIME });
const TOPIC = objectOf({
  id: UUID,
  name: NAME,
  description: DESCRIPTION,
  created_at: TIME,
  updated_at: TIME,
  source_count: COUNT,
  sources: { type: 'array', items: objectOf({ id: TEXT, name: NAME, rules: { type: 'array', items: RULE } }) },
  subscription_count: COUNT,
  subscriptions: { type: 'array', items: { type: 'object' } },
});
const FILTER_EXAMPLE = {
  event_type_filter: "$.type == 'com.canonical.lxd.lifecycle.instance-created'",
  notification_filter: '$.*',
};
const TOPIC_EXAMPLE = {
  id: EXAMPLE_ID,
  name: 'releases',
  description: '',
  created_at: EXAMPLE_TIME,
  updated_at: EXAMPLE_TIME,
  source_count: 1,
  sources: [
    {
      id: `${EXAMPLE_ID}:api`,
      name: 'deploys',
      rules: [{ id: EXAMPLE_ID, enabled: true, ...FILTER_EXAMPLE, updated_at: EXAMPLE_TIME }],
    },
  ],
  subscription_count: 0,
  subscriptions: [],
};
const SOURCE_DRAFT = draftOf({ id: { ...TEXT, minLength: 1 }, name: {}, rules: RULES_DRAFT }, ['id']);
const DRAFT_MEMBERS = {
  name: NEW_NAME,
  description: NEW_DESCRIPTION,
  sources: { type: 'array', maxItems: 100, items: SOURCE_DRAFT },
};
const DRAFT_EXAMPLE = { name: 'releases', sources: [{ id: `${EXAMPLE_ID}:api`, rules: [FILTER_EXAMPLE] }] };
const LISTED = objectOf({
  id: UUID,
  name: NAME,
  description: DESCRIPTION,
  source_count: COUNT,
  sources_names: TEXTS,
  subscription_count: COUNT,
});

/** The routes of topics. */
export const TOPIC_OPERATIONS: Operations = {
  [`GET ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Lists topics.',
    answers: {
      200: listAnswer('topics', LISTED, {
        id: EXAMPLE_ID,
        name: 'releases',
        description: '',
        source_count: 1,
        sources_names: ['deploys'],
        subscription_count: 0,
      }),
    },
  }),
  [`POST ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Makes a topic of sources, with rules: the filters of a rule are ANDed, the rules of a source ORed.',
    body: jsonBody('The topic.', draftOf(DRAFT_MEMBERS, ['name']), DRAFT_EXAMPLE),
    answers: {
      201: jsonAnswer('The topic.', objectOf({ id: UUID, name: NAME, description: DESCRIPTION, created_at: TIME }), {
        id: EXAMPLE_ID,
        name: 'releases',
        description: '',
        created_at: EXAMPLE_TIME,
      }),
    },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`GET ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Gives one topic, with its rules and its subscriptions.',
    parameters: [ID],
    answers: { 200: jsonAnswer('The topic.', TOPIC, TOPIC_EXAMPLE) },
  }),
  [`PUT ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Replaces a topic; what is left out stays as it is.',
    parameters: [ID],
    body: jsonBody('What is to be replaced.', draftOf(DRAFT_MEMBERS, []), DRAFT_EXAMPLE),
    answers: { 200: jsonAnswer('The topic.', TOPIC, TOPIC_EXAMPLE) },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`DELETE ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Deletes a topic with its subscriptions; what waits for them is cancelled.',
    parameters: [ID],
    answers: { 204: { description: 'It is deleted.' } },
  }),
  [`PUT ${PATH}/:id/sources/:source_id`]: instanceOperation({
    tag: TAG,
    summary: 'Puts one source into a topic, or replaces its rules there; all others stay as they are.',
    parameters: [ID, SOURCE_ID],
    body: jsonBody(
      'The rules; without any, all that the source sends.',
      draftOf({ rules: RULES_DRAFT }, []),
      { rules: [FILTER_EXAMPLE] },
      false,
    ),
    answers: { 200: jsonAnswer('The topic.', TOPIC, TOPIC_EXAMPLE) },
    errors: BODY_ERRORS,
  }),
  [`DELETE ${PATH}/:id/sources/:source_id`]: instanceOperation({
    tag: TAG,
    summary: 'Takes one source out of a topic.',
    parameters: [ID, SOURCE_ID],
    answers: { 204: { description: 'It is out.' } },
  }),
};
