import { idParameter, jsonAnswer, listAnswer, NUMBER_PATTERN, type Operations, type Schema } from '@tidings/openapi';
import { DEAD_LETTER_REASONS, LETTER_PARTS } from '../ingest/dead-letter.js';

const TAG = 'Dead letters';

const SUMMARY_EXAMPLE = {
  id: 7,
  reason: DEAD_LETTER_REASONS[0],
  detail: 'The value is not JSON.',
  kafka_topic: 'lifecycle.lxd.instance',
  kafka_partition: 0,
  kafka_offset: 12,
  system: 'lxd',
  site: 'main',
  record_time: '2026-11-02T08:01:53.204Z',
  created: '2026-11-02T08:01:53.4Z',
  retried: null,
};

const MEMBERS = {
  id: { type: 'integer' },
  reason: { type: 'string', enum: DEAD_LETTER_REASONS },
  detail: { type: 'string' },
  kafka_topic: { type: 'string' },
  kafka_partition: { type: 'integer' },
  kafka_offset: { type: 'integer' },
  system: { type: ['string', 'null'] },
  site: { type: ['string', 'null'] },
  record_time: { type: ['string', 'null'] },
  created: { type: 'string' },
  retried: { type: ['string', 'null'] },
};

const SUMMARY: Schema = { type: 'object', required: Object.keys(MEMBERS), properties: MEMBERS };

const LETTER_MEMBERS = {
  ...MEMBERS,
  problems: { type: 'array', items: { type: 'object' } },
  omitted: { type: 'array', items: { type: 'string', enum: LETTER_PARTS } },
  headers: { type: 'object' },
  key: { type: ['string', 'null'] },
  key_base64: { type: ['string', 'null'] },
  value: { type: ['string', 'null'] },
  value_base64: { type: ['string', 'null'] },
};

const LETTER: Schema = { type: 'object', required: Object.keys(LETTER_MEMBERS), properties: LETTER_MEMBERS };

const REPAIR: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    value: {
      description: 'Instead of the original message: text, or JSON that is sent as it is written.',
      type: ['string', 'object', 'array', 'number', 'boolean'],
    },
    headers: {
      description: 'Over the original headers; null removes one. Those called tidings-… cannot be changed.',
      type: 'object',
      propertyNames: { minLength: 1 },
      additionalProperties: { type: ['string', 'null'] },
    },
  },
};

const ID = idParameter('Its number.', '7', NUMBER_PATTERN);

/** The routes of what could not be stored as an event. */
export const DEAD_LETTER_OPERATIONS: Operations = {
  'GET /api/dead-letters': {
    tag: TAG,
    summary: 'Lists what could not be stored as an event.',
    answers: { 200: listAnswer('A page, newest first.', SUMMARY, [SUMMARY_EXAMPLE]) },
    errors: ['invalid_page', 'database_unavailable'],
    head: true,
  },
  'GET /api/dead-letters/:id': {
    tag: TAG,
    summary: 'Gives one dead letter, whole.',
    parameters: [ID],
    answers: {
      200: jsonAnswer('The dead letter.', LETTER, {
        ...SUMMARY_EXAMPLE,
        problems: [],
        omitted: [],
        headers: { ce_type: 'com.canonical.lxd.operation' },
        key: null,
        key_base64: null,
        value: '{',
        value_base64: 'ew==',
      }),
    },
    errors: ['not_found', 'database_unavailable'],
  },
  'POST /api/dead-letters/:id/retry': {
    tag: TAG,
    summary: 'Sends a dead letter’s message again, repaired or as it is.',
    parameters: [ID],
    body: {
      description: 'What is to be different; nothing without a body.',
      required: false,
      content: { 'application/json': { schema: REPAIR, example: { value: '{"type":"lifecycle"}' } } },
    },
    answers: { 202: jsonAnswer('It was sent; the ingest will read it.', SUMMARY, SUMMARY_EXAMPLE) },
    errors: [
      'invalid_query',
      'malformed_json',
      'not_found',
      'conflict',
      'source_not_allowed',
      'body_too_large',
      'event_too_large',
      'unsupported_media_type',
      'broker_unavailable',
      'database_unavailable',
    ],
  },
  'DELETE /api/dead-letters/:id': {
    tag: TAG,
    summary: 'Removes a dead letter.',
    parameters: [ID],
    answers: { 204: { description: 'It is gone.' } },
    errors: ['not_found', 'database_unavailable'],
  },
};
