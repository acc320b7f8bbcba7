import { catalogue } from '@tidings/catalogue';
import type { Schema } from '@tidings/openapi';
import type { StreamedContent } from '../intake/intake-route.js';

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

/** Null stands for a missing attribute. */
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
    type: { ...TEXT, description: 'An event type of the catalogue.' },
    time: { ...orNull({ format: 'date-time' }), description: 'Defaults to the current time.' },
    subject: orNull(TEXT),
    dataschema: orNull(URI_TEXT),
    datacontenttype: orNull({ pattern: '^application/json$', description: 'Or one that ends in `+json`; in UTF-8.' }),
    data: { description: 'Valid by the type’s schema in the catalogue.' },
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

/** What `POST /v1/events` takes. Events are read from a stream, so that no class checks them. */
export const CLOUD_EVENT_CONTENT = {
  'application/cloudevents+json': { schema: EVENTS, example: CLOUD_EVENT },
  'application/cloudevents-batch+json': { schema: EVENTS, example: [CLOUD_EVENT] },
  'application/json': { schema: EVENTS, example: CLOUD_EVENT },
  'application/x-ndjson': {
    schema: { type: 'string', description: 'One CloudEvent per line.' },
    example: `${JSON.stringify(CLOUD_EVENT)}\n`,
  },
} as StreamedContent;
