import type { Operations } from '@tidings/openapi';
import {
  adminOperation,
  BODY_ERRORS,
  draftOf,
  EXAMPLE_ID,
  EXAMPLE_TIME,
  FLAG,
  instanceOperation,
  jsonAnswer,
  jsonBody,
  listAnswer,
  NAME,
  NEW_NAME,
  objectOf,
  TEXTS,
  TIME,
  UUID,
} from '../api/operation-parts.js';

const TAG = 'Instances';
const PATH = '/event-notifications/v1/instances';
const INSTANCE = objectOf({ id: UUID, name: NAME, scopes: TEXTS, is_default: FLAG, created_at: TIME });
const EXAMPLE = {
  id: EXAMPLE_ID,
  name: 'rack 1',
  scopes: ['lxd:rack1'],
  is_default: false,
  created_at: EXAMPLE_TIME,
};

/** The routes of instances. */
export const INSTANCE_OPERATIONS: Operations = {
  [`GET ${PATH}`]: adminOperation({
    tag: TAG,
    summary: 'Lists instances.',
    answers: { 200: listAnswer('instances', INSTANCE, EXAMPLE) },
  }),
  [`POST ${PATH}`]: adminOperation({
    tag: TAG,
    summary: 'Makes an instance, with a disabled source for each system.',
    body: jsonBody(
      'Its name, and whose events it may receive.',
      draftOf({ name: NEW_NAME, scopes: { ...TEXTS, minItems: 1, maxItems: 100 } }, ['name', 'scopes']),
      { name: 'rack 1', scopes: ['lxd:rack1'] },
    ),
    answers: { 201: jsonAnswer('The instance.', INSTANCE, EXAMPLE) },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`GET ${PATH}/:instance_id`]: instanceOperation({
    tag: TAG,
    summary: 'Gives one instance.',
    answers: { 200: jsonAnswer('The instance.', INSTANCE, EXAMPLE) },
  }),
  [`DELETE ${PATH}/:instance_id`]: instanceOperation({
    tag: TAG,
    summary: 'Deletes an instance with all that is in it; the default one stays.',
    answers: { 204: { description: 'It is deleted.' } },
    errors: ['conflict'],
  }),
};
