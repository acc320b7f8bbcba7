import { waldurScopeTypes } from '@tidings/catalogue';
import {
  countedAnswer,
  idParameter,
  jsonAnswer,
  listAnswer,
  NUMBER_PATTERN,
  type Operations,
  type Schema,
  UUID_PATTERN,
} from '@tidings/openapi';
import { HISTOGRAM_FIELDS } from '../rollups/histogram-query.js';
import { COUNT_INTERVALS } from './event-counts.js';

const TAG = 'Events';

const EXAMPLE = {
  uuid: '019b2a3c4d5e7f60812233445566778f',
  created: '2026-11-02T08:01:53.204Z',
  event_type: 'customer_creation_succeeded',
  message: 'Customer Tartu has been created.',
  context: { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9' },
};

/** An event; with `field`, only some of its members. */
const EVENT: Schema = {
  type: 'object',
  properties: {
    uuid: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    created: { type: 'string', description: 'RFC 3339, when it happened.' },
    event_type: { type: 'string', description: 'Its native name.' },
    message: { type: 'string' },
    context: { type: 'object', description: 'What the system says of it.' },
    ...asked('system', 'Its kind of origin.'),
    ...asked('type', 'Its full name.'),
    ...asked('source', 'The installation that it came from.'),
    ...asked('site', 'The installation, by its name.'),
    ...asked('id', 'Its own id, which is one of its source.'),
    ...asked('subject', 'What it is about.', { type: ['string', 'null'] }),
    ...asked('outcome', 'How what it tells of ended.', { type: ['string', 'null'] }),
    ...asked('conforming', 'Whether its payload is as its type declares it.', { type: 'boolean' }),
    ...asked('cloudevent', 'All of it, as it is on the bus.', { type: 'object' }),
  },
};

/** A member that is there only where `field` names it. */
function asked(
  name: string,
  description: string,
  schema: Schema = { type: 'string' },
): Readonly<Record<string, Schema>> {
  return { [name]: { ...schema, description: `${description} Only where \`field\` names it.` } };
}

const EVENT_ID = `${UUID_PATTERN}|${NUMBER_PATTERN}`;

const TIME = { type: 'string', format: 'date-time' };
const COUNT = { type: 'integer', minimum: 0 };

const BUCKET: Schema = {
  type: 'object',
  required: ['start', 'count'],
  additionalProperties: false,
  properties: {
    start: { ...TIME, description: 'Its first instant.' },
    count: COUNT,
    values: {
      type: 'object',
      description: 'With `by`: the same by the values of the field; events that have none are in the count alone.',
      additionalProperties: COUNT,
    },
  },
};

const HISTOGRAM: Schema = {
  type: 'object',
  required: ['interval', 'by', 'from', 'to', 'buckets'],
  additionalProperties: false,
  properties: {
    interval: { type: 'string', enum: COUNT_INTERVALS },
    by: { type: ['string', 'null'], enum: [...HISTOGRAM_FIELDS, null] },
    from: { ...TIME, description: 'The first instant of the first bucket.' },
    to: { ...TIME, description: 'The first instant behind the last one.' },
    buckets: { type: 'array', items: BUCKET },
  },
};

const HISTOGRAM_EXAMPLE = {
  interval: 'day',
  by: 'system',
  from: '2026-11-02T00:00:00.000Z',
  to: '2026-11-03T00:00:00.000Z',
  buckets: [{ start: '2026-11-02T00:00:00.000Z', count: 41, values: { waldur: 40, lxd: 1 } }],
};

/** The routes of events. */
export const EVENT_OPERATIONS: Operations = {
  'GET /api/events': {
    tag: TAG,
    summary: 'Lists events.',
    description: 'Only those in the token’s scopes, newest first.',
    answers: { 200: listAnswer('A page of events.', EVENT, [EXAMPLE]) },
    errors: ['invalid_page', 'too_many_requests', 'database_unavailable'],
    head: true,
  },
  'GET /api/events/count': {
    tag: TAG,
    summary: 'Counts events, exactly.',
    answers: {
      200: countedAnswer(
        'How many events the filters and the token’s scopes leave.',
        { type: 'object', required: ['count'], properties: { count: { type: 'integer', minimum: 0 } } },
        { count: 4711 },
        4711,
      ),
    },
    errors: ['too_many_requests', 'database_unavailable'],
    head: true,
  },
  'GET /api/events/event_groups': {
    tag: TAG,
    summary: 'Lists the groups of event types, each with its types.',
    answers: {
      200: countedAnswer(
        'Groups by name.',
        { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
        { customers: ['customer_creation_succeeded', 'customer_deletion_succeeded'] },
        1,
      ),
    },
    errors: ['too_many_requests'],
    head: true,
  },
  'GET /api/events/scope_types': {
    tag: TAG,
    summary: 'Lists the types of objects that events can be of.',
    answers: {
      200: countedAnswer(
        'Waldur’s, as `app.model`.',
        { type: 'array', items: { type: 'string' } },
        waldurScopeTypes,
        waldurScopeTypes.length,
      ),
    },
    errors: ['too_many_requests'],
    head: true,
  },
  'GET /api/events/:id': {
    tag: TAG,
    summary: 'Gives one event.',
    parameters: [idParameter('Its uuid, with hyphens or without, or its number.', EXAMPLE.uuid, EVENT_ID)],
    answers: { 200: jsonAnswer('The event.', EVENT, EXAMPLE) },
    errors: ['not_found', 'too_many_requests', 'database_unavailable'],
  },
  'GET /api/events/:id/related': {
    tag: TAG,
    summary: 'Lists the events of the same subject.',
    parameters: [idParameter('The uuid of an event, or its number.', EXAMPLE.uuid, EVENT_ID)],
    answers: { 200: listAnswer('A page of events.', EVENT, [EXAMPLE]) },
    errors: ['not_found', 'invalid_page', 'too_many_requests', 'database_unavailable'],
  },
  'GET /api/events/histogram': {
    tag: TAG,
    summary: 'Counts events by buckets of time and by a field.',
    answers: {
      200: jsonAnswer('Buckets without gaps, oldest first.', HISTOGRAM, HISTOGRAM_EXAMPLE),
    },
    errors: ['too_many_requests', 'database_unavailable'],
  },
  'GET /api/events-stats': {
    tag: TAG,
    summary: 'Counts events by month.',
    answers: {
      200: listAnswer(
        'Months, the latest first.',
        {
          type: 'object',
          required: ['year', 'month', 'count'],
          properties: { year: { type: 'integer' }, month: { type: 'integer' }, count: { type: 'integer' } },
        },
        [{ year: 2026, month: 11, count: 4711 }],
      ),
    },
    errors: ['invalid_page', 'too_many_requests', 'database_unavailable'],
    head: true,
  },
  'GET /api/events/export': {
    tag: TAG,
    summary: 'Gives all events that match, however many, as a file.',
    description:
      'Of one snapshot, in the order asked for, as fast as it is read: what is stored meanwhile is not in it. An answer that breaks off, instead of ending, is not whole.',
    answers: {
      200: {
        description: 'One event, or one CloudEvent, a line; or CSV with a head line.',
        content: {
          'application/x-ndjson': { schema: { type: 'string' }, example: `${JSON.stringify(EXAMPLE)}\n` },
          'text/csv': { schema: { type: 'string' }, example: 'uuid,created,event_type,message,context\n' },
        },
      },
    },
    errors: ['too_many_requests', 'database_unavailable'],
  },
};
