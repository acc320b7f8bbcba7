import type { Operations } from '@tidings/openapi';

/** The routes of live streams. */
export const STREAM_OPERATIONS: Operations = {
  'GET /v1/stream': {
    tag: 'Streams',
    summary: 'Streams events as they are stored, of the past first if asked.',
    description:
      'As Server-Sent Events, or by WebSocket where the request asks for one. `Last-Event-ID` or `since` resumes without a gap or a double.',
    answers: {
      200: {
        description: 'It begins and does not end by itself.',
        content: { 'text/event-stream': { schema: { type: 'string' }, example: 'id: 1\ndata: {}\n\n' } },
      },
    },
    errors: ['invalid_query', 'too_many_requests', 'database_unavailable'],
  },
};
