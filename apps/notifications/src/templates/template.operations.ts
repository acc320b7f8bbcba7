import type { Operations } from '@tidings/openapi';
import {
  BODY_ERRORS,
  COUNT,
  DESCRIPTION,
  draftOf,
  EXAMPLE_ID,
  EXAMPLE_TIME,
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
import { templateTypes } from '../destination-types/destination-types.js';

const TAG = 'Templates';
const PATH = '/event-notifications/v1/instances/:instance_id/templates';
const ID = pathParameter('id', 'The template’s id.');

const PARAMS = objectOf({ body: { ...TEXT, description: 'Handlebars, in base64.' }, subject: TEXT }, ['body']);
const PARAMS_EXAMPLE = { body: Buffer.from('{"text": "{{data.message}}"}').toString('base64') };
const LISTED = {
  id: UUID,
  name: NAME,
  description: DESCRIPTION,
  type: TEXT,
  subscription_count: COUNT,
  subscription_names: TEXTS,
  updated_at: TIME,
};
const LISTED_EXAMPLE = {
  id: EXAMPLE_ID,
  name: 'short',
  description: '',
  type: 'webhook.notification',
  subscription_count: 0,
  subscription_names: [],
  updated_at: EXAMPLE_TIME,
};
const TEMPLATE = objectOf({ ...LISTED, params: PARAMS });
const EXAMPLE = { ...LISTED_EXAMPLE, params: PARAMS_EXAMPLE };
const MEMBERS = {
  name: NEW_NAME,
  type: { ...TEXT, enum: templateTypes() },
  description: NEW_DESCRIPTION,
  params: draftOf(
    {
      body: { ...TEXT, minLength: 1, description: 'Handlebars, in base64.' },
      subject: { ...TEXT, description: 'Handlebars.' },
    },
    ['body'],
  ),
};
const DRAFT_EXAMPLE = { name: 'short', type: 'webhook.notification', params: PARAMS_EXAMPLE };

/** The routes of templates. */
export const TEMPLATE_OPERATIONS: Operations = {
  [`GET ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Lists templates, without their contents.',
    answers: { 200: listAnswer('templates', objectOf(LISTED), LISTED_EXAMPLE) },
  }),
  [`POST ${PATH}`]: instanceOperation({
    tag: TAG,
    summary: 'Makes a template: Handlebars over the event.',
    body: jsonBody('The template.', draftOf(MEMBERS, ['name', 'type', 'params']), DRAFT_EXAMPLE),
    answers: {
      201: jsonAnswer(
        'The template.',
        objectOf({ id: UUID, name: NAME, description: DESCRIPTION, type: TEXT, params: PARAMS, created_at: TIME }),
        { id: EXAMPLE_ID, description: '', ...DRAFT_EXAMPLE, created_at: EXAMPLE_TIME },
      ),
    },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`GET ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Gives one template.',
    parameters: [ID],
    answers: { 200: jsonAnswer('The template.', TEMPLATE, EXAMPLE) },
  }),
  [`PUT ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Replaces a template; what is left out stays as it is.',
    parameters: [ID],
    body: jsonBody('What is to be replaced.', draftOf(MEMBERS, []), DRAFT_EXAMPLE),
    answers: { 200: jsonAnswer('The template.', TEMPLATE, EXAMPLE) },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`DELETE ${PATH}/:id`]: instanceOperation({
    tag: TAG,
    summary: 'Deletes a template; subscriptions that used it send the event itself then.',
    parameters: [ID],
    answers: { 204: { description: 'It is deleted.' } },
  }),
};
