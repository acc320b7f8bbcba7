import type { Operations } from '@tidings/openapi';
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
} from '../api/operation-parts.js';

const TAG = 'Sources';
const PATH = '/event-notifications/v1/instances/:instance_id/sources';
const ID = pathParameter('id', 'The source’s id, percent-encoded.', `${EXAMPLE_ID}:api`);

const LISTED = {
  id: TEXT,
  name: NAME,
  description: DESCRIPTION,
  type: TEXT,
  enabled: FLAG,
  store_notifications: FLAG,
  updated_at: TIME,
  topic_count: COUNT,
};
const LISTED_EXAMPLE = {
  id: `${EXAMPLE_ID}:api`,
  name: 'deploys',
  description: '',
  type: 'api',
  enabled: true,
  store_notifications: false,
  updated_at: EXAMPLE_TIME,
  topic_count: 1,
};
const SOURCE = objectOf({ ...LISTED, topic_names: TEXTS });
const SOURCE_EXAMPLE = { ...LISTED_EXAMPLE, topic_names: ['releases'] };
const CREATED = objectOf({
  id: TEXT,
  name: NAME,
  description: DESCRIPTION,
  enabled: FLAG,
  store_notifications: FLAG,
  created_at: TIME,
});
const FLAG_KEPT = { ...FLAG, description: 'Kept and shown; every event is stored whatever it says.' };
const MEMBERS = { name: NEW_NAME, description: NEW_DESCRIPTION, enabled: FLAG, store_notifications: FLAG_KEPT };

/** The routes of sources. */
export const SOURCE_OPERATIONS: Operations = {
  [`GET ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Lists sources, those of systems first.',
    answers: { 200: listAnswer('sources', objectOf(LISTED), LISTED_EXAMPLE) },
  }),
  [`POST ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Makes an API source: what is sent with its id comes from it.',
    body: jsonBody('The source.', draftOf(MEMBERS, ['name']), { name: 'deploys', enabled: true }),
    answers: {
      201: jsonAnswer('The source.', CREATED, {
        id: `${EXAMPLE_ID}:api`,
        name: 'deploys',
        description: '',
        enabled: true,
        store_notifications: false,
        created_at: EXAMPLE_TIME,
      }),
    },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`GET ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Gives one source.',
    parameters: [ID],
    answers: { 200: jsonAnswer('The source.', SOURCE, SOURCE_EXAMPLE) },
  }),
  [`PATCH ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Changes a source; `enabled` switches its events on and off.',
    parameters: [ID],
    body: jsonBody('What is to be changed.', draftOf(MEMBERS, []), { enabled: true }),
    answers: { 200: jsonAnswer('The source.', SOURCE, SOURCE_EXAMPLE) },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`DELETE ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Deletes an API source, and its rules from the topics.',
    parameters: [ID],
    answers: { 204: { description: 'It is deleted.' } },
    errors: ['conflict'],
  }),
};
