import { PERMISSIONS } from '@tidings/access';
import { idParameter, jsonAnswer, listAnswer, type Operations, type Schema, UUID_PATTERN } from '@tidings/openapi';
import { TOKEN_SCOPE } from '../query/scope-schema.js';

const TAG = 'Tokens';

const PRINTABLE = '[^\\u0000-\\u001f\\u007f-\\u009f]';

const NULLABLE_TEXT = { type: ['string', 'null'] };
const TEXTS = { type: 'array', items: { type: 'string' } };

const MEMBERS = {
  id: { type: 'string', format: 'uuid' },
  name: { type: 'string' },
  kind: { type: 'string' },
  permissions: { type: 'array', items: { type: 'string', enum: PERMISSIONS } },
  scopes: TEXTS,
  sources: TEXTS,
  created_at: { type: 'string', format: 'date-time' },
  created_by: { type: 'string' },
  expires_at: NULLABLE_TEXT,
  revoked_at: NULLABLE_TEXT,
  grace_ends_at: NULLABLE_TEXT,
  fingerprint: NULLABLE_TEXT,
};
const TOKEN: Schema = { type: 'object', required: Object.keys(MEMBERS), properties: MEMBERS };
const ISSUED_MEMBERS = { ...MEMBERS, token: NULLABLE_TEXT };
const ISSUED: Schema = {
  type: 'object',
  required: Object.keys(ISSUED_MEMBERS),
  properties: ISSUED_MEMBERS,
};

const TOKEN_EXAMPLE = {
  id: '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d',
  name: 'rack 1',
  kind: 'secret',
  permissions: ['events:read'],
  scopes: ['lxd:rack1'],
  sources: [],
  created_at: '2026-11-02T08:01:53.204Z',
  created_by: 'admin',
  expires_at: null,
  revoked_at: null,
  grace_ends_at: null,
  fingerprint: null,
};
const ISSUED_EXAMPLE = { ...TOKEN_EXAMPLE, token: 'shown-in-this-answer-alone' };

const EXPIRY = {
  type: ['string', 'null'],
  format: 'date-time',
  description: 'A time in the future, with its zone; null for a token without end.',
};
const CERTIFICATE = {
  type: ['string', 'null'],
  description: 'A client certificate in PEM that is still good, or its SHA-256 fingerprint.',
  pattern: '-----BEGIN|^\\s*([Ss][Hh][Aa]256( [Ff]ingerprint=|:))?[0-9A-Fa-f:]{64,}\\s*$',
};

const SCOPE = { type: 'string', pattern: `^(${TOKEN_SCOPE})$` };
const SOURCE = { type: 'string', pattern: '^([^*\\s\\u0000-\\u0020\\u007f-\\u00a0]+[*]?|[*])$' };

const DRAFT: Schema = {
  type: 'object',
  required: ['name', 'permissions'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      maxLength: 200,
      pattern: `^${PRINTABLE}*[^\\s\\u0000-\\u0020\\u007f-\\u00a0]${PRINTABLE}*$`,
    },
    permissions: { type: 'array', items: { type: 'string', enum: PERMISSIONS }, minItems: 1 },
    scopes: {
      type: ['array', 'null'],
      items: SCOPE,
      maxItems: 100,
      description: 'Whose events; needed with events:read. `*` is everything.',
    },
    sources: {
      type: ['array', 'null'],
      items: SOURCE,
      maxItems: 100,
      description: 'As which sources; needed with events:publish.',
    },
    expires_at: EXPIRY,
    certificate: CERTIFICATE,
  },
  allOf: [needs('events:read', 'scopes'), needs('events:publish', 'sources')],
};

const ROTATION: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    grace_seconds: {
      type: ['integer', 'null'],
      minimum: 0,
      maximum: 86_400,
      description: 'How long the old secret stays good.',
    },
    expires_at: EXPIRY,
    certificate: CERTIFICATE,
  },
};

const ID = idParameter('The token’s id.', TOKEN_EXAMPLE.id, UUID_PATTERN);

const AUDIT_MEMBERS = {
  id: { type: 'string' },
  at: { type: 'string', format: 'date-time' },
  actor: { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } },
  action: { type: 'string' },
  subject: { type: 'string' },
  before: { type: ['object', 'null'] },
  after: { type: ['object', 'null'] },
};

/** The routes of tokens and of the audit log. */
export const TOKEN_OPERATIONS: Operations = {
  'GET /api/tokens': {
    tag: TAG,
    summary: 'Lists tokens, without their secrets.',
    answers: { 200: listAnswer('A page of tokens.', TOKEN, [TOKEN_EXAMPLE]) },
    errors: ['invalid_page', 'database_unavailable'],
    head: true,
  },
  'POST /api/tokens': {
    tag: TAG,
    summary: 'Makes a token.',
    body: {
      description: 'What it may do.',
      required: true,
      content: {
        'application/json': {
          schema: DRAFT,
          example: { name: 'rack 1', permissions: ['events:read'], scopes: ['lxd:rack1'] },
        },
      },
    },
    answers: { 201: jsonAnswer('The token; its secret is never shown again.', ISSUED, ISSUED_EXAMPLE) },
    errors: [
      'invalid_query',
      'malformed_json',
      'conflict',
      'body_too_large',
      'unsupported_media_type',
      'database_unavailable',
    ],
  },
  'GET /api/tokens/:id': {
    tag: TAG,
    summary: 'Gives one token, without its secret.',
    parameters: [ID],
    answers: { 200: jsonAnswer('The token.', TOKEN, TOKEN_EXAMPLE) },
    errors: ['not_found', 'database_unavailable'],
  },
  'DELETE /api/tokens/:id': {
    tag: TAG,
    summary: 'Revokes a token; its streams end within two seconds.',
    parameters: [ID],
    answers: { 204: { description: 'It is revoked.' } },
    errors: ['not_found', 'conflict', 'database_unavailable'],
  },
  'POST /api/tokens/:id/rotate': {
    tag: TAG,
    summary: 'Gives a token a new secret.',
    parameters: [ID],
    body: {
      description: 'For how long the old secret stays good; not at all without a body.',
      required: false,
      content: { 'application/json': { schema: ROTATION, example: { grace_seconds: 3600 } } },
    },
    answers: { 200: jsonAnswer('The token; its new secret is never shown again.', ISSUED, ISSUED_EXAMPLE) },
    errors: [
      'invalid_query',
      'malformed_json',
      'not_found',
      'conflict',
      'body_too_large',
      'unsupported_media_type',
      'database_unavailable',
    ],
  },
  'GET /api/audit': {
    tag: TAG,
    summary: 'Lists who changed what.',
    answers: {
      200: listAnswer(
        'A page, newest first.',
        { type: 'object', required: Object.keys(AUDIT_MEMBERS), properties: AUDIT_MEMBERS },
        [
          {
            id: '1',
            at: '2026-11-02T08:01:53.204Z',
            actor: { id: 'admin', name: 'admin' },
            action: 'token.create',
            subject: `token:${TOKEN_EXAMPLE.id}`,
            before: null,
            after: TOKEN_EXAMPLE,
          },
        ],
      ),
    },
    errors: ['invalid_page', 'database_unavailable'],
    head: true,
  },
};

/** A token needs to say whose events it may read, and as whom it may publish. */
function needs(permission: string, field: string): Schema {
  return {
    if: { properties: { permissions: { contains: { const: permission } } } },
    then: { required: [field], properties: { [field]: { type: 'array', minItems: 1 } } },
  };
}
