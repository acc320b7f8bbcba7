import { catalogue } from '@tidings/catalogue';
import type { ApiAnswer, ApiParameter, Operations } from '@tidings/openapi';

const TAG = 'Catalogue';
const TYPE = 'io.tidings.api.notification';
const declared = catalogue.type(TYPE);

const TEXT = { type: 'string' };

const IF_NONE_MATCH: ApiParameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The `ETag` of what the client has; that is answered 304.',
  schema: TEXT,
  example: '"pVYzlmGGNvPbcsLXq-H-oA"',
};

const HEADERS = {
  ETag: { description: 'Changes when the schema does, which is never for one version.', schema: TEXT },
  'Cache-Control': {
    description: 'May be kept for ever.',
    schema: TEXT,
    example: 'public, max-age=31536000, immutable',
  },
};

const ANSWERS: Readonly<Record<number, ApiAnswer>> = {
  200: {
    description: 'The JSON Schema (draft 2020-12) of the payload; its `$id` is what `dataschema` says.',
    headers: HEADERS,
    content: { 'application/schema+json': { schema: { type: 'object' }, example: declared?.schema } },
  },
  304: { description: 'The client has it already.', headers: HEADERS },
};

/** The routes of the schemas. */
export const SCHEMA_OPERATIONS: Operations = {
  'GET /schemas/:dataschema': {
    tag: TAG,
    summary: 'Gives the JSON Schema that an event’s `dataschema` names.',
    parameters: [
      {
        name: 'dataschema',
        in: 'path',
        required: true,
        description: 'As the event says it; a 404 tells the nearest.',
        schema: { type: 'string', pattern: '^urn:tidings:schema:[A-Za-z0-9_.:-]{1,200}:[1-9][0-9]{0,8}$' },
        example: declared?.dataschema,
      },
      IF_NONE_MATCH,
    ],
    answers: ANSWERS,
    errors: ['not_found'],
    head: true,
  },
  'GET /schemas/:type/:version': {
    tag: TAG,
    summary: 'Gives the JSON Schema of a version of an event type.',
    parameters: [
      {
        name: 'type',
        in: 'path',
        required: true,
        description: 'Its full name; a 404 tells the nearest.',
        schema: { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,200}$' },
        example: TYPE,
      },
      {
        name: 'version',
        in: 'path',
        required: true,
        description: 'Of the payload.',
        schema: { type: 'integer', minimum: 1 },
        example: 1,
      },
      IF_NONE_MATCH,
    ],
    answers: ANSWERS,
    errors: ['not_found'],
    head: true,
  },
};
