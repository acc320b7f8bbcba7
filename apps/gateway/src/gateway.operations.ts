import { catalogue } from '@tidings/catalogue';
import type { ApiAnswer, Operations, Schema } from '@tidings/openapi';
import type { ErrorCode } from '@tidings/runtime';

const TAG = 'Publishing';

const COUNT = { type: 'integer', minimum: 0 };

const ANSWERED: Schema = {
  type: 'object',
  required: ['position', 'status'],
  properties: {
    position: COUNT,
    status: { type: 'string', enum: ['accepted', 'uncatalogued', 'non_conforming', 'dead_letter', 'rejected'] },
    id: { type: 'string' },
    source: { type: 'string' },
    type: { type: 'string' },
    uuid: { type: 'string' },
    code: { type: 'string' },
    problems: { type: 'array', items: { type: 'object' } },
  },
};

const TAKEN: ApiAnswer = {
  description: 'Kafka has every event that is not rejected.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['accepted', 'rejected', 'dead_lettered', 'uncatalogued', 'non_conforming'],
        properties: {
          accepted: COUNT,
          rejected: COUNT,
          dead_lettered: COUNT,
          uncatalogued: COUNT,
          non_conforming: COUNT,
          events: { type: 'array', items: ANSWERED, description: 'Every event, where there are up to 1,000.' },
          exceptions: { type: 'array', items: ANSWERED, description: 'Otherwise those not simply accepted.' },
        },
      },
      example: {
        accepted: 1,
        rejected: 0,
        dead_lettered: 0,
        uncatalogued: 0,
        non_conforming: 0,
        events: [{ position: 0, status: 'accepted', id: 'a-1', source: '/waldur/main' }],
      },
    },
  },
};

const ERRORS: readonly ErrorCode[] = [
  'malformed_json',
  'empty_body',
  'body_too_large',
  'event_too_large',
  'unsupported_media_type',
  'unprocessable_event',
  'unknown_event_type',
  'broker_unavailable',
  'partly_acknowledged',
];

const [TYPE] = catalogue.named('customer_creation_succeeded');
const CLOUD_EVENT = {
  specversion: '1.0',
  id: 'a-1',
  source: '/waldur/main',
  type: 'com.waldur.customer_creation_succeeded',
  time: '2026-11-02T08:01:53.204Z',
  data: TYPE?.example,
};
const EVENT: Schema = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'time'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', minLength: 1 },
    source: { type: 'string', minLength: 1 },
    type: { type: 'string', minLength: 1, description: 'As the catalogue has it.' },
    time: { type: 'string', format: 'date-time' },
    subject: { type: 'string', minLength: 1 },
    data: { description: 'As the type’s schema in the catalogue demands.' },
  },
};
const NATIVE = { type: ['object', 'array'] };
const NATIVE_EXAMPLE = {
  created: '2026-11-02T08:01:53.204Z',
  event_type: 'customer_creation_succeeded',
  message: 'Customer Tartu has been created.',
  context: TYPE?.example,
};

/** What the API's document says of this app's routes. */
export const GATEWAY_OPERATIONS: Operations = {
  'POST /v1/events': {
    tag: TAG,
    summary: 'Takes CloudEvents: one, a batch, or one in binary mode.',
    body: {
      description: 'In binary mode the data alone, with the attributes in headers `ce-…`.',
      required: true,
      content: {
        'application/cloudevents+json': { schema: EVENT, example: CLOUD_EVENT },
        'application/cloudevents-batch+json': { schema: { type: 'array', items: EVENT }, example: [CLOUD_EVENT] },
        'application/json': { schema: { type: ['object', 'array'] }, example: CLOUD_EVENT },
      },
    },
    answers: { 202: TAKEN },
    errors: ERRORS,
  },
  'POST /v1/ingest/:system': {
    tag: TAG,
    summary: 'Takes a system’s own events, as its own delivery sends them.',
    parameters: [
      {
        name: 'system',
        in: 'path',
        required: true,
        description: 'Which system.',
        schema: {
          type: 'string',
          enum: catalogue
            .systems()
            .filter(({ native }) => native !== undefined)
            .map(({ name }) => name),
        },
        example: 'waldur',
      },
      {
        name: 'site',
        in: 'query',
        description: 'Which installation of it; `main` unless told otherwise.',
        schema: { type: 'string', pattern: '^[a-z0-9]{1,20}$' },
        example: 'main',
      },
    ],
    body: {
      description: 'One event, an array of them, or one a line.',
      required: true,
      content: {
        'application/json': { schema: NATIVE, example: NATIVE_EXAMPLE },
        'application/x-ndjson': { schema: { type: 'string' }, example: `${JSON.stringify(NATIVE_EXAMPLE)}\n` },
      },
    },
    answers: { 202: TAKEN },
    errors: [...ERRORS, 'not_found'],
  },
};
