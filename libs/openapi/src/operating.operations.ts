import type { ApiAnswer, Operations } from './operation.js';

const TAG = 'Operation';

const health = (description: string, example: object): ApiAnswer => ({
  description,
  content: {
    'application/json': {
      schema: { type: 'object', required: ['status'], properties: { status: { type: 'string' } } },
      example,
    },
  },
});

/** The routes that every process has. */
export const OPERATING_OPERATIONS: Operations = {
  'GET /health/live': {
    tag: TAG,
    summary: 'Whether the process answers.',
    answers: { 200: health('It does.', { status: 'ok' }) },
  },
  'GET /health/ready': {
    tag: TAG,
    summary: 'Whether the process can do its work.',
    answers: {
      200: health('It can.', { status: 'ok', info: { gateway: { status: 'up' } }, error: {}, details: {} }),
      503: health('Not now; `details` says what is down.', {
        status: 'error',
        info: {},
        error: { gateway: { status: 'down', reason: 'Kafka does not answer' } },
        details: { gateway: { status: 'down', reason: 'Kafka does not answer' } },
      }),
    },
  },
  'GET /metrics': {
    tag: TAG,
    summary: 'Metrics for Prometheus.',
    answers: {
      200: {
        description: 'In Prometheus’s text format.',
        content: {
          'text/plain': { schema: { type: 'string' }, example: 'tidings_ingest_events{result="stored"} 41\n' },
        },
      },
    },
  },
  'GET /docs': {
    tag: TAG,
    summary: 'This API, for people.',
    answers: {
      200: {
        description: 'A page.',
        content: { 'text/html': { schema: { type: 'string' }, example: '<!doctype html>' } },
      },
    },
  },
  'GET /docs/openapi.json': {
    tag: TAG,
    summary: 'This API, for programs.',
    answers: {
      200: {
        description: 'An OpenAPI 3.1 document of the routes that this process has.',
        content: {
          'application/json': {
            schema: { type: 'object', required: ['openapi', 'info', 'paths'] },
            example: { openapi: '3.1.0', info: { title: 'Tidings', version: '0.1.0' }, paths: {} },
          },
        },
      },
    },
  },
};
