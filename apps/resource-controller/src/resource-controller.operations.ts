import {
  idParameter,
  jsonAnswer,
  UUID_PATTERN,
  type ApiParameter,
  type Operation,
  type Operations,
  type Schema,
} from '@tidings/openapi';
import type { ErrorCode } from '@tidings/runtime';
import { NAME_PATTERN } from './api/resource-body.js';
import { PLAN_IDS } from './broker/service-catalog.js';
import { REGION } from './instances/instance-body.js';

const TAG = 'Resource controller';

const GROUP_ID = '^[0-9a-f]{32}$';
const TEXT = { type: 'string' };
const NULLABLE = { type: ['string', 'null'] };
const TIME = { type: 'string', format: 'date-time' };
const NAME = { type: 'string', pattern: NAME_PATTERN };
const PLAN = { type: 'string', enum: PLAN_IDS };
const PARAMETERS = {
  type: 'object',
  description: 'Whatever the service takes; `capacity`, where given, is from 1 to 100.',
};

const GUID = '4d0c5b2e-8f0a-4f5d-9c3b-6f1f6f0a7e21';
const ACCOUNT = '6f0c2f7f9a5b4f1e9a3d5c7e8b1a2d4c';
const GROUP = '1d701675103549ffb3566cf09f00a0fb';
const CRN = `crn:v1:tidings:public:apprapp:us-south:a/${ACCOUNT}:${GUID}::`;
const AT = '2026-11-02T10:47:30.120Z';

const INSTANCE_EXAMPLE = {
  id: CRN,
  guid: GUID,
  crn: CRN,
  name: 'my-instance',
  account_id: ACCOUNT,
  region_id: 'us-south',
  resource_id: 'apprapp-7fff092e-4b5e-4c7e-83cd-c52c2b155f0f',
  resource_plan_id: 'apprapp-lite',
  resource_group_id: GROUP,
  state: 'provisioning',
  locked: false,
  parameters: {},
  promo_code: null,
  last_operation: { type: 'create', state: 'in progress', description: 'Started create instance operation' },
  created_at: AT,
  created_by: 'admin',
  updated_at: AT,
  restored_at: null,
  restored_by: null,
  scheduled_reclaim_at: null,
  scheduled_reclaim_by: null,
};
const INSTANCE = objectOf({
  ...textsOf(['id', 'crn', 'name', 'account_id', 'region_id', 'resource_id', 'resource_plan_id', 'resource_group_id']),
  guid: { type: 'string', format: 'uuid' },
  state: { type: 'string', enum: ['provisioning', 'active', 'inactive', 'failed', 'pending_reclamation'] },
  locked: { type: 'boolean' },
  parameters: { type: 'object' },
  promo_code: NULLABLE,
  last_operation: objectOf(textsOf(['type', 'state', 'description'])),
  created_at: TIME,
  created_by: TEXT,
  updated_at: TIME,
  restored_at: NULLABLE,
  restored_by: NULLABLE,
  scheduled_reclaim_at: NULLABLE,
  scheduled_reclaim_by: NULLABLE,
});

const KEY_CRN = CRN.replace(/::$/, ':resource-key:8a1de0fc-0d0e-4c57-9b0e-1a9a0bb6f0c5');
const KEY_EXAMPLE = {
  id: KEY_CRN,
  guid: '8a1de0fc-0d0e-4c57-9b0e-1a9a0bb6f0c5',
  crn: KEY_CRN,
  name: 'my-key',
  role: 'Reader',
  state: 'active',
  source_guid: GUID,
  created_at: AT,
  created_by: 'admin',
};
const KEY = objectOf({
  ...textsOf(['id', 'guid', 'crn', 'name', 'role', 'state', 'source_guid', 'created_by']),
  created_at: TIME,
});

const GROUP_EXAMPLE = {
  id: GROUP,
  crn: `crn:v1:tidings:public:resource-controller::a/${ACCOUNT}::resource-group:${GROUP}`,
  account_id: ACCOUNT,
  name: 'default',
  state: 'ACTIVE',
  created_at: AT,
  created_by: 'installation',
  updated_at: AT,
};
const GROUP_SCHEMA = objectOf({
  ...textsOf(['id', 'crn', 'account_id', 'name', 'state', 'created_by']),
  created_at: TIME,
  updated_at: TIME,
});

const RECLAMATION_EXAMPLE = {
  id: GUID,
  entity_id: GUID,
  entity_crn: CRN,
  account_id: ACCOUNT,
  resource_group_id: GROUP,
  resource_instance_id: GUID,
  state: 'SCHEDULED',
  target_time: '2026-11-09T10:47:30.120Z',
  created_by: 'admin',
};
const RECLAMATION = objectOf({
  ...textsOf(['id', 'entity_id', 'entity_crn', 'account_id', 'resource_group_id', 'resource_instance_id', 'state']),
  target_time: NULLABLE,
  created_by: NULLABLE,
});

const INSTANCE_CHANGE = {
  ...objectOf({ name: NAME, resource_plan_id: PLAN, parameters: PARAMETERS }, []),
  minProperties: 1,
  // A plan is changed alone.
  not: { required: ['resource_plan_id'], minProperties: 2 },
};

const BODY_ERRORS: readonly ErrorCode[] = [
  ...(['malformed_json', 'invalid_query', 'body_too_large', 'unsupported_media_type'] as const),
];
const CHANGE_ERRORS: readonly ErrorCode[] = ['source_not_allowed', 'database_unavailable'];

const INSTANCES = '/v2/resource_instances';
const KEYS = '/v2/resource_keys';
const GROUPS = '/v2/resource_groups';
const RECLAMATIONS = '/v1/reclamations';
const INSTANCE_ID = idOf('The instance’s guid, or its CRN percent-encoded.', GUID);
const RECLAMATION_ID = idOf('The reclamation’s id, which is its instance’s guid.', GUID);

/** What the API's document says of this app's routes. */
export const RESOURCE_OPERATIONS: Operations = {
  [`GET ${INSTANCES}`]: listing('Lists service instances.', INSTANCE, INSTANCE_EXAMPLE),
  [`POST ${INSTANCES}`]: change({
    summary: 'Asks for a service instance. It is provisioning until the broker has made it, or refused.',
    body: jsonBody(
      objectOf(
        {
          name: NAME,
          resource_plan_id: PLAN,
          resource_group: { type: 'string', pattern: GROUP_ID },
          target: { type: 'string', pattern: REGION.source },
          parameters: PARAMETERS,
        },
        ['name', 'resource_plan_id'],
      ),
      { name: 'my-instance', resource_plan_id: 'apprapp-lite' },
    ),
    answers: { 202: jsonAnswer('It is begun.', INSTANCE, INSTANCE_EXAMPLE) },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`GET ${INSTANCES}/:id`]: one('Gives one instance.', INSTANCE_ID, INSTANCE, INSTANCE_EXAMPLE),
  [`PATCH ${INSTANCES}/:id`]: change({
    summary: 'Asks for another name and other parameters, or for another plan.',
    parameters: [INSTANCE_ID],
    body: jsonBody(INSTANCE_CHANGE, { name: 'renamed' }),
    answers: { 202: jsonAnswer('It is begun.', INSTANCE, INSTANCE_EXAMPLE) },
    errors: [...BODY_ERRORS, 'not_found', 'conflict'],
  }),
  [`DELETE ${INSTANCES}/:id`]: change({
    summary: 'Asks for the end of an instance. Of plans with a reclamation it can be had back for a week.',
    parameters: [
      INSTANCE_ID,
      {
        name: 'recursive',
        in: 'query',
        description: 'With its keys.',
        schema: { type: 'string', enum: ['true', 'false'] },
        example: 'true',
      },
    ],
    answers: { 202: jsonAnswer('It is begun.', INSTANCE, INSTANCE_EXAMPLE) },
    errors: ['invalid_query', 'not_found', 'conflict'],
  }),
  [`PUT ${INSTANCES}/:id/state`]: change({
    summary: 'Switches an instance on or off; a locked one stays as it is.',
    parameters: [INSTANCE_ID],
    body: jsonBody(objectOf({ state: { type: 'string', enum: ['active', 'inactive'] } }), { state: 'inactive' }),
    answers: { 200: jsonAnswer('The instance.', INSTANCE, INSTANCE_EXAMPLE) },
    errors: [...BODY_ERRORS, 'not_found', 'conflict'],
  }),
  [`POST ${INSTANCES}/:id/lock`]: locking('Locks an instance against changes.'),
  [`DELETE ${INSTANCES}/:id/lock`]: locking('Unlocks an instance.'),
  [`POST ${INSTANCES}/:id/promo_code`]: change({
    summary: 'Applies a promotion code to an instance.',
    parameters: [INSTANCE_ID],
    body: jsonBody(objectOf({ promo_code: { type: 'string', pattern: '^[A-Z0-9-]{4,40}$' } }), {
      promo_code: 'WELCOME-10',
    }),
    answers: { 200: jsonAnswer('The instance.', INSTANCE, INSTANCE_EXAMPLE) },
    errors: [...BODY_ERRORS, 'not_found', 'conflict'],
  }),
  [`GET ${KEYS}`]: listing('Lists keys.', KEY, KEY_EXAMPLE),
  [`POST ${KEYS}`]: change({
    summary: 'Makes a key of an active instance. A role that the broker does not know is refused.',
    body: jsonBody(
      objectOf({ name: NAME, source: TEXT, role: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9 ]{0,39}$' } }, [
        'name',
        'source',
      ]),
      { name: 'my-key', source: GUID, role: 'Reader' },
    ),
    answers: { 201: jsonAnswer('The key.', KEY, KEY_EXAMPLE) },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`GET ${KEYS}/:id`]: one(
    'Gives one key.',
    idOf('The key’s guid, or its CRN percent-encoded.', GUID),
    KEY,
    KEY_EXAMPLE,
  ),
  [`DELETE ${KEYS}/:id`]: change({
    summary: 'Deletes a key, unless its instance is locked.',
    parameters: [idOf('The key’s guid, or its CRN percent-encoded.', GUID)],
    answers: { 204: { description: 'It is deleted.' } },
    errors: ['not_found', 'conflict'],
  }),
  [`GET ${GROUPS}`]: listing('Lists resource groups.', GROUP_SCHEMA, GROUP_EXAMPLE),
  [`POST ${GROUPS}`]: change({
    summary: 'Makes a resource group.',
    body: jsonBody(objectOf({ name: NAME, account_id: { type: 'string', pattern: '^[0-9a-f]{32}$' } }, ['name']), {
      name: 'my-group',
    }),
    answers: { 201: jsonAnswer('The group.', GROUP_SCHEMA, GROUP_EXAMPLE) },
    errors: [...BODY_ERRORS, 'conflict'],
  }),
  [`GET ${GROUPS}/:id`]: one(
    'Gives one resource group.',
    idOf('The group’s id.', GROUP, GROUP_ID),
    GROUP_SCHEMA,
    GROUP_EXAMPLE,
  ),
  [`PATCH ${GROUPS}/:id`]: change({
    summary: 'Renames a resource group.',
    parameters: [idOf('The group’s id.', GROUP, GROUP_ID)],
    body: jsonBody(objectOf({ name: NAME }), { name: 'renamed' }),
    answers: { 200: jsonAnswer('The group.', GROUP_SCHEMA, GROUP_EXAMPLE) },
    errors: [...BODY_ERRORS, 'not_found', 'conflict'],
  }),
  [`DELETE ${GROUPS}/:id`]: change({
    summary: 'Deletes a resource group with nothing in it.',
    parameters: [idOf('The group’s id.', GROUP, GROUP_ID)],
    answers: { 204: { description: 'It is deleted.' } },
    errors: ['not_found', 'conflict'],
  }),
  [`GET ${RECLAMATIONS}`]: listing('Lists what is deleted and can be had back.', RECLAMATION, RECLAMATION_EXAMPLE),
  [`POST ${RECLAMATIONS}/:id/actions/restore`]: change({
    summary: 'Gives a deleted instance back.',
    parameters: [RECLAMATION_ID],
    answers: { 200: jsonAnswer('It is back.', RECLAMATION, { ...RECLAMATION_EXAMPLE, state: 'RESTORED' }) },
    errors: ['not_found'],
  }),
  [`POST ${RECLAMATIONS}/:id/actions/reclaim`]: change({
    summary: 'Takes a deleted instance away before its time.',
    parameters: [RECLAMATION_ID],
    answers: { 202: jsonAnswer('It is begun.', RECLAMATION, RECLAMATION_EXAMPLE) },
    errors: ['not_found'],
  }),
};

function change({ errors = [], ...operation }: Omit<Operation, 'tag'>): Operation {
  return { tag: TAG, ...operation, errors: [...errors, ...CHANGE_ERRORS] };
}

function locking(summary: string): Operation {
  return change({
    summary,
    parameters: [INSTANCE_ID],
    answers: { 200: jsonAnswer('The instance.', INSTANCE, INSTANCE_EXAMPLE) },
    errors: ['not_found', 'conflict'],
  });
}

function one(summary: string, id: ApiParameter, schema: Schema, example: unknown): Operation {
  return {
    tag: TAG,
    summary,
    parameters: [id],
    answers: { 200: jsonAnswer('It.', schema, example) },
    errors: ['not_found', 'database_unavailable'],
  };
}

function listing(summary: string, items: Schema, example: unknown): Operation {
  const page = objectOf({
    rows_count: { type: 'integer', minimum: 0 },
    next_url: NULLABLE,
    resources: { type: 'array', items },
  });
  return {
    tag: TAG,
    summary,
    answers: { 200: jsonAnswer('A page of them.', page, { rows_count: 1, next_url: null, resources: [example] }) },
    errors: ['database_unavailable'],
  };
}

function jsonBody(schema: Schema, example: unknown): NonNullable<Operation['body']> {
  const strict = { ...schema, additionalProperties: false };
  return {
    description: 'What is asked for.',
    required: true,
    content: { 'application/json': { schema: strict, example } },
  };
}

function idOf(description: string, example: string, pattern = UUID_PATTERN): ApiParameter {
  return idParameter(description, example, pattern);
}

function objectOf(properties: Readonly<Record<string, Schema>>, required = Object.keys(properties)): Schema {
  return { type: 'object', required, properties };
}

function textsOf(names: readonly string[]): Readonly<Record<string, Schema>> {
  return Object.fromEntries(names.map((name) => [name, TEXT]));
}
