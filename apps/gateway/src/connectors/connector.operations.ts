import { SITE_PATTERN } from '@tidings/catalogue';
import {
  type ApiAnswer,
  type ApiParameter,
  countedAnswer,
  jsonAnswer,
  type Operation,
  type Operations,
  type Schema,
} from '@tidings/openapi';
import type { ErrorCode } from '@tidings/runtime';
import { CONNECTOR_STATES } from './connector-record.js';
import { CONNECTOR_KINDS } from './connector-settings.js';
import type { ConnectorView } from './connector-view.js';

const TAG = 'Connectors';

const TEXT = { type: 'string' };
const TEXT_OR_NULL = { type: ['string', 'null'] };
const TIME_OR_NULL = { type: ['string', 'null'], format: 'date-time' };
const COUNT = { type: 'integer', minimum: 0 };

const MEMBERS: Readonly<Record<keyof ConnectorView, Schema>> = {
  name: TEXT,
  kind: { type: 'string', enum: Object.keys(CONNECTOR_KINDS) },
  system: TEXT,
  site: TEXT,
  source: TEXT,
  address: { ...TEXT_OR_NULL, description: 'Where it goes and gets; null for a hook.' },
  state: { type: 'string', enum: CONNECTOR_STATES, description: '`unattended`: no process tells of it.' },
  state_since: TIME_OR_NULL,
  paused_at: TIME_OR_NULL,
  paused_by: TEXT_OR_NULL,
  holder: { ...TEXT_OR_NULL, description: 'The process that runs it; null where all take part.' },
  reported_at: TIME_OR_NULL,
  covered_until: { ...TIME_OR_NULL, description: 'Until then nothing is missing but what events of gaps name.' },
  last_event_at: { ...TIME_OR_NULL, description: 'When the last event came.' },
  last_event_time: { ...TEXT_OR_NULL, description: 'What that event says itself; null for a hook.' },
  lag_seconds: { type: ['number', 'null'], description: 'How far it is behind, where that is known.' },
  events: COUNT,
  rejected: COUNT,
  failures: COUNT,
  gaps: COUNT,
  last_error: TEXT_OR_NULL,
  last_error_at: TIME_OR_NULL,
};
const CONNECTOR: Schema = { type: 'object', required: Object.keys(MEMBERS), properties: MEMBERS };

const EXAMPLE: ConnectorView = {
  name: 'rack1',
  kind: 'lxd',
  system: 'lxd',
  site: 'rack1',
  source: '/lxd/rack1',
  address: 'https://rack1.example:8443',
  state: 'running',
  state_since: '2026-11-02T08:02:07.911Z',
  paused_at: null,
  paused_by: null,
  holder: 'gateway-1:17',
  reported_at: '2026-11-02T09:41:30.002Z',
  covered_until: '2026-11-02T09:41:29.998Z',
  last_event_at: '2026-11-02T09:41:22.101Z',
  last_event_time: '2026-11-02T09:41:22.09771852Z',
  lag_seconds: 0,
  events: 4711,
  rejected: 0,
  failures: 1,
  gaps: 1,
  last_error: 'It closed the connection (1006)',
  last_error_at: '2026-11-02T08:01:53.204Z',
};

const SECRET: ApiParameter = {
  name: 'secret',
  in: 'path',
  required: true,
  description: 'As the connector’s configuration has it; a wrong one is answered as a wrong name.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{20,200}$' },
  example: 'x5JcVnR3bqW8kZ0mT7pYfD2h',
};

const NAME: ApiParameter = {
  name: 'name',
  in: 'path',
  required: true,
  description: 'The connector’s name.',
  schema: { type: 'string', pattern: SITE_PATTERN },
  example: 'rack1',
};

const ONE = jsonAnswer('The connector.', CONNECTOR, EXAMPLE);

/**
 * What the API's document says of connectors.
 * @param taken what is answered to whoever posts events, and how that can fail
 */
export function connectorOperations(taken: {
  readonly answer: ApiAnswer;
  readonly content: NonNullable<ApiAnswer['content']>;
  readonly errors: readonly ErrorCode[];
  readonly validation: (parameters: readonly ApiParameter[]) => Operation;
}): Operations {
  return {
    'GET /api/connectors': {
      tag: TAG,
      summary: 'Lists what the gateway is connected to, and how that goes.',
      answers: {
        200: countedAnswer('All connectors of the configuration.', { type: 'array', items: CONNECTOR }, [EXAMPLE], 1),
      },
      errors: ['database_unavailable'],
    },
    'GET /api/connectors/:name': {
      tag: TAG,
      summary: 'Gives one connector.',
      parameters: [NAME],
      answers: { 200: ONE },
      errors: ['not_found', 'database_unavailable'],
    },
    'POST /api/connectors/:name/pause': {
      tag: TAG,
      summary: 'Pauses a connector, until it is resumed; a paused hook answers 503.',
      parameters: [NAME],
      answers: { 200: ONE },
      errors: ['not_found', 'database_unavailable'],
    },
    'POST /api/connectors/:name/resume': {
      tag: TAG,
      summary: 'Lets a paused connector go on.',
      parameters: [NAME],
      answers: { 200: ONE },
      errors: ['not_found', 'database_unavailable'],
    },
    'OPTIONS /api/connectors/:name/hook/:secret': taken.validation([NAME, SECRET]),
    'POST /api/connectors/:name/hook/:secret': {
      tag: TAG,
      summary: 'Takes what a system posts to the hook of a connector; the secret in the path is all it needs.',
      parameters: [NAME, SECRET],
      body: { description: 'Events as the system sends them.', required: true, content: taken.content },
      answers: { 202: taken.answer },
      errors: [...taken.errors, 'not_found', 'permission_denied', 'connector_paused'],
    },
  };
}
