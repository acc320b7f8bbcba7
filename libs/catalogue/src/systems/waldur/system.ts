import { system } from '../../definition.js';
import { callEvents } from './events/calls.js';
import { identityEvents } from './events/identity.js';
import { marketplaceEvents } from './events/marketplace.js';
import { moneyEvents } from './events/money.js';
import { offeringAccountingEvents } from './events/offering-accounting.js';
import { openstackEvents } from './events/openstack.js';
import { organisationEvents } from './events/organisation.js';
import { resourceEvents } from './events/resources.js';
import { supportEvents } from './events/support.js';
import { WALDUR_SCOPES, WIDER_SUBJECTS, saidBy } from './families.js';
import { WALDUR_PREFIX, waldurFormat } from './native.js';

const events = {
  ...identityEvents,
  ...organisationEvents,
  ...moneyEvents,
  ...offeringAccountingEvents,
  ...marketplaceEvents,
  ...resourceEvents,
  ...openstackEvents,
  ...supportEvents,
  ...callEvents,
};

/** Newer versions have more types, and most are about one of these. */
const undeclared = {
  subject: [
    'context.resource_uuid',
    'context.order_uuid',
    'context.offering_uuid',
    'context.issue_uuid',
    'context.scope_uuid',
    ...WIDER_SUBJECTS,
  ],
  scopes: WALDUR_SCOPES,
  message: (data: unknown) => saidBy(data) ?? 'Waldur reports an event of a type that the catalogue does not know.',
} as const;

/** Waldur, the marketplace and self-service portal: its own events, as its web hooks send them and its events API lists them. */
export const waldur = system({
  name: 'waldur',
  title: 'Waldur',
  typePrefix: WALDUR_PREFIX,
  events,
  scopeRoles: { customer: 'tenant', project: 'project', user: 'actor' },
  facets: {
    relatedUser: 'context.affected_user_uuid',
    authMethod: 'context.auth_method',
    personalToken: 'context.pat_uuid',
  },
  contextField: 'context',
  undeclared,
  native: waldurFormat(events, undeclared),
});
