import { catalogue, SITE_PATTERN } from '@tidings/catalogue';
import type { ApiAnswer, ApiParameter, Operation, Operations, Schema } from '@tidings/openapi';
import type { ErrorCode } from '@tidings/runtime';
import { connectorOperations } from './connectors/connector.operations.js';

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
          unlisted: { ...COUNT, description: 'How many exceptions would have made the answer too long.' },
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
  'too_many_dead_letters',
  'request_timeout',
  'unknown_event_type',
  'source_not_allowed',
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

/** Neither control characters nor white space, as URIs have neither. */
const URI_TEXT = { type: 'string', pattern: '^[^\\u0000-\\u0020\\u007f-\\u00a0\\s]+$', maxLength: 2_048 };
const TEXT = { type: 'string', pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$', maxLength: 2_048 };

/** Null for what may be missing is as good as missing. */
const orNull = (schema: Schema): Schema => ({ ...schema, type: ['string', 'null'] });

const EVENT: Schema = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type'],
  anyOf: [
    { required: ['data'], properties: { data_base64: { type: 'null' } } },
    { required: ['data_base64'], properties: { data_base64: { type: 'string' } }, not: { required: ['data'] } },
  ],
  propertyNames: { pattern: '^([a-z0-9]+|data_base64)$' },
  properties: {
    specversion: { const: '1.0' },
    id: TEXT,
    source: URI_TEXT,
    type: { ...TEXT, description: 'As the catalogue has it.' },
    time: { ...orNull({ format: 'date-time' }), description: 'The present without it.' },
    subject: orNull(TEXT),
    dataschema: orNull(URI_TEXT),
    datacontenttype: orNull({ pattern: '^application/json$', description: 'Or what ends in `+json`; in UTF-8.' }),
    data: { description: 'As the type’s schema in the catalogue demands.' },
    data_base64: { type: ['string', 'null'], contentEncoding: 'base64', contentMediaType: 'application/json' },
  },
  additionalProperties: {
    description: 'Extensions.',
    anyOf: [
      { type: ['boolean', 'null'] },
      { type: 'integer', minimum: -2_147_483_648, maximum: 2_147_483_647 },
      { type: 'string', pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' },
    ],
  },
};
const EVENTS: Schema = { anyOf: [EVENT, { type: 'array', items: EVENT }] };

const NATIVE: Schema = {
  description: 'As the system says it. Whatever else it is, it is kept as a dead letter.',
  type: ['object', 'array', 'string', 'number', 'boolean', 'null'],
};
const NATIVE_EXAMPLE = {
  created: '2026-11-02T08:01:53.204Z',
  event_type: 'customer_creation_succeeded',
  message: 'Customer Tartu has been created.',
  context: TYPE?.example,
};

const NATIVE_CONTENT = {
  'application/json': { schema: NATIVE, example: NATIVE_EXAMPLE },
  'application/x-ndjson': {
    schema: { ...NATIVE, title: 'Each line' },
    example: `${JSON.stringify(NATIVE_EXAMPLE)}\n`,
  },
};

const SYSTEM: ApiParameter = {
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
};

/** Whether a sender may deliver here, as CloudEvents' web hooks ask. */
function validation(parameters: readonly ApiParameter[] = []): Operation {
  const header = (description: string, example: string) => ({ description, schema: { type: 'string' }, example });
  return {
    tag: TAG,
    summary: 'Tells a sender of CloudEvents by web hook that it may deliver here.',
    parameters: [
      ...parameters,
      {
        name: 'WebHook-Request-Origin',
        in: 'header',
        description: 'Who asks.',
        schema: { type: 'string' },
        example: 'eventemitter.example.com',
      },
    ],
    answers: {
      200: {
        description: 'It may.',
        headers: {
          'WebHook-Allowed-Origin': header('Who asked.', 'eventemitter.example.com'),
          'WebHook-Allowed-Rate': header('As often as it likes.', '*'),
        },
      },
    },
    ...(parameters.length > 0 && { errors: ['not_found'] }),
  };
}

/** What the API's document says of this app's routes. */
export const GATEWAY_OPERATIONS: Operations = {
  ...connectorOperations({ answer: TAKEN, content: NATIVE_CONTENT, errors: ERRORS, validation }),
  'POST /v1/events': {
    tag: TAG,
    summary: 'Takes CloudEvents: one, a batch, one a line as an export has them, or one in binary mode.',
    body: {
      description: 'In binary mode the data alone, with the attributes in headers `ce-…`.',
      required: true,
      content: {
        'application/cloudevents+json': { schema: EVENTS, example: CLOUD_EVENT },
        'application/cloudevents-batch+json': { schema: EVENTS, example: [CLOUD_EVENT] },
        'application/json': { schema: EVENTS, example: CLOUD_EVENT },
        'application/x-ndjson': {
          schema: { type: 'string', description: 'A CloudEvent a line.' },
          example: `${JSON.stringify(CLOUD_EVENT)}\n`,
        },
      },
    },
    answers: { 202: TAKEN },
    errors: ERRORS,
  },
  'OPTIONS /v1/events': validation(),
  'OPTIONS /v1/ingest/:system': validation([SYSTEM]),
  'POST /v1/ingest/:system': {
    tag: TAG,
    summary: 'Takes a system’s own events, as its own delivery sends them.',
    parameters: [
      SYSTEM,
      {
        name: 'site',
        in: 'query',
        description: 'Which installation of it; `main` unless told otherwise.',
        schema: { type: 'string', pattern: SITE_PATTERN },
        example: 'main',
      },
    ],
    body: {
      description:
        'One event, an array of them, or one a line, whatever its content type says. A Waldur may send a form, too.',
      required: true,
      content: NATIVE_CONTENT,
    },
    answers: { 202: TAKEN },
    errors: [...ERRORS, 'invalid_query', 'not_found'],
  },
};
