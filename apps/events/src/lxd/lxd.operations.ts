import { type ApiAnswer, type ApiParameter, jsonAnswer, type Operations, type Schema } from '@tidings/openapi';

const TAG = 'LXD';

const sync = (metadata: Schema): Schema => ({
  type: 'object',
  required: ['type', 'status', 'status_code', 'metadata'],
  properties: { type: { const: 'sync' }, status: { type: 'string' }, status_code: { const: 200 }, metadata },
});

const synced = (metadata: unknown): object => ({ type: 'sync', status: 'Success', status_code: 200, metadata });

const ERROR: Schema = {
  type: 'object',
  required: ['type', 'error', 'error_code'],
  properties: { type: { const: 'error' }, error: { type: 'string' }, error_code: { type: 'integer' } },
};

const refused = (status: number, error: string): ApiAnswer =>
  jsonAnswer('As LXD says it.', ERROR, { type: 'error', error, error_code: status });

const parameter = (name: string, description: string, schema: Schema, example: string): ApiParameter => ({
  name,
  in: 'query',
  description,
  schema,
  example,
});

/** The routes of LXD's API. */
export const LXD_OPERATIONS: Operations = {
  'GET /': {
    tag: TAG,
    summary: 'Which versions of LXD’s API there are.',
    answers: {
      200: jsonAnswer('One.', sync({ type: 'array', items: { type: 'string' } }), synced(['/1.0'])),
      302: { description: 'To the web console, for clients that would rather have a page than JSON.' },
    },
  },
  'GET /1.0': {
    tag: TAG,
    summary: 'What LXD’s clients want to know of a server.',
    answers: {
      200: jsonAnswer('The server.', sync({ type: 'object' }), synced({ api_version: '1.0', auth: 'trusted' })),
    },
  },
  'GET /1.0/events': {
    tag: TAG,
    summary: 'Streams events of LXD by WebSocket.',
    description:
      'For tokens with `events:read`, registered client certificates and the unix socket. A request that does not ask for a WebSocket is answered 400.',
    parameters: [
      parameter('type', 'Which of LXD’s types, by commas; all without it.', { type: 'string' }, 'lifecycle,operation'),
      parameter('project', 'Events of this project; `default` without it.', { type: 'string' }, 'default'),
      parameter('all-projects', 'Events of all projects.', { type: 'string' }, 'true'),
    ],
    answers: {
      101: { description: 'The stream begins: one event a message, in LXD’s envelope.' },
      400: {
        description: 'A type that LXD does not have, or no WebSocket.',
        content: {
          'application/json': {
            schema: ERROR,
            example: { type: 'error', error: '"x" isn’t a supported event type', error_code: 400 },
          },
          'text/plain': { schema: { type: 'string' }, example: 'Bad Request\n' },
        },
      },
      403: refused(403, 'not authorized'),
    },
  },
};
