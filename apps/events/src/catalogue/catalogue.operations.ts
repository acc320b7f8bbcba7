import { catalogue } from '@tidings/catalogue';
import { countedAnswer, jsonAnswer, type Operations, type Schema } from '@tidings/openapi';
import { detailsOf, entryOf } from './catalogue-entry.js';

const TAG = 'Catalogue';

const MEMBERS = {
  type: { type: 'string' },
  nativeType: { type: 'string' },
  system: { type: 'string' },
  groups: { type: 'array', items: { type: 'string' } },
  kafkaTopic: { type: 'string' },
  summary: { type: 'string' },
  version: { type: 'integer' },
};

const ENTRY: Schema = { type: 'object', required: Object.keys(MEMBERS), properties: MEMBERS };

const DETAIL_MEMBERS = {
  ...MEMBERS,
  dataschema: { type: 'string' },
  schema: { type: 'object', description: 'The payload’s JSON Schema.' },
  example: { type: 'object', description: 'A payload.' },
};

const DETAILS: Schema = { type: 'object', required: Object.keys(DETAIL_MEMBERS), properties: DETAIL_MEMBERS };

const EXAMPLES = catalogue.named('customer_creation_succeeded').slice(0, 1);

/** The routes of the catalogue. */
export const CATALOGUE_OPERATIONS: Operations = {
  'GET /api/catalogue': {
    tag: TAG,
    summary: 'Lists every declared event type.',
    answers: {
      200: countedAnswer(
        'All that match, at once.',
        { type: 'array', items: ENTRY },
        EXAMPLES.map((type) => entryOf(type, '')),
        218,
      ),
    },
    head: true,
  },
  'GET /api/catalogue/:type': {
    tag: TAG,
    summary: 'Gives one event type with its schema and an example.',
    parameters: [
      {
        name: 'type',
        in: 'path',
        required: true,
        description: 'Its full name, or its native one where only one system has it; a 404 tells the nearest.',
        schema: { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,200}$' },
        example: 'com.waldur.customer_creation_succeeded',
      },
    ],
    answers: { 200: jsonAnswer('The type.', DETAILS, EXAMPLES.map((type) => detailsOf(type, ''))[0]) },
    errors: ['not_found'],
  },
};
