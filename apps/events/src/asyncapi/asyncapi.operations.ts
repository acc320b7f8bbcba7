import type { Operations } from '@tidings/openapi';

const TAG = 'Operation';

const UNCHANGED = { description: 'The client has it already.' };

/** The routes of the AsyncAPI document. */
export const ASYNCAPI_OPERATIONS: Operations = {
  'GET /docs/async': {
    tag: TAG,
    summary: 'The events on Kafka, for people.',
    answers: {
      200: {
        description: 'A page.',
        content: { 'text/html': { schema: { type: 'string' }, example: '<!doctype html>' } },
      },
      304: UNCHANGED,
    },
  },
  'GET /docs/async.json': {
    tag: TAG,
    summary: 'The events on Kafka, for programs.',
    answers: {
      200: {
        description: 'An AsyncAPI 3.0 document of every kafkaTopic and what travels on it.',
        content: {
          'application/vnd.aai.asyncapi+json': {
            schema: { type: 'object', required: ['asyncapi', 'info', 'channels', 'operations'] },
            example: { asyncapi: '3.0.0', info: { title: 'Tidings', version: '0.1.0' }, channels: {}, operations: {} },
          },
        },
      },
      304: UNCHANGED,
    },
  },
};
