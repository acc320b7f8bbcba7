import { CustomerContext, ProjectContext, WaldurContext } from '../contexts.js';
import { family } from '../families.js';
import { Id, OptionalId, OptionalText } from '../field-rules.js';
import { CUSTOMER, MEMBER, OFFERING, PROJECT, STAFF } from './people.js';

/** An address from which a customer may be used. It has no id in the event. */
export class AccessSubnetContext extends CustomerContext {
  @OptionalText()
  access_subnet_inet?: string | null;

  @OptionalText()
  access_subnet_description?: string | null;
}

/** Waldur says which review it is, but not of which customer. */
export class CustomerReviewContext extends WaldurContext {
  @Id()
  customer_permission_review_uuid!: string;
}

/** Waldur says which review it is, but not of which project. */
export class ProjectReviewContext extends WaldurContext {
  @Id()
  project_permission_review_uuid!: string;
}

/** What the provider of an offering in another Waldur is asked to take over. */
export class ProjectUpdateRequestContext extends ProjectContext {
  @OptionalId()
  offering_uuid?: string | null;

  @OptionalText()
  offering_name?: string | null;
}

const accessSubnet = family({
  entity: 'An access subnet of a customer',
  groups: ['access_subnets'],
  subject: ['{context.customer_uuid}/{context.access_subnet_inet}'],
  names: ['context.access_subnet_inet', 'context.access_subnet_description'],
  context: AccessSubnetContext,
  example: {
    ...MEMBER,
    ...CUSTOMER,
    access_subnet_inet: '192.0.2.77/32',
    access_subnet_description: 'Computing centre',
  },
});

const customer = family({
  entity: 'A customer',
  groups: ['customers'],
  subject: ['context.customer_uuid'],
  names: ['context.customer_name'],
  context: CustomerContext,
  example: { ...STAFF, ...CUSTOMER },
});

const customerReview = family({
  entity: "A review of a customer's permissions",
  groups: ['customers'],
  subject: ['context.customer_permission_review_uuid'],
  names: ['context.customer_name', 'context.customer_permission_review_uuid'],
  context: CustomerReviewContext,
  example: { customer_permission_review_uuid: '5a4d1c0b9e8f4a7c8b6d2f3e1a0c9d85' },
});

const project = family({
  entity: 'A project',
  groups: ['projects'],
  subject: ['context.project_uuid'],
  names: ['context.project_name'],
  context: ProjectContext,
  example: { ...MEMBER, ...PROJECT, project_end_date: '2027-06-30' },
});

const projectReview = family({
  entity: "A review of a project's permissions",
  groups: ['projects'],
  subject: ['context.project_permission_review_uuid'],
  names: ['context.project_name', 'context.project_permission_review_uuid'],
  context: ProjectReviewContext,
  example: { project_permission_review_uuid: '0c9d8b7a6f5e4d3c8b2a1f0e9d8c7b6a' },
});

const projectUpdateRequest = family({
  entity: 'A request to update a project',
  groups: ['projects'],
  subject: ['context.project_uuid'],
  names: ['context.project_name'],
  context: ProjectUpdateRequestContext,
  example: { ...MEMBER, ...PROJECT, ...OFFERING },
});

export const organisationEvents = {
  access_subnet_creation_succeeded: accessSubnet('was created'),
  access_subnet_deletion_succeeded: accessSubnet('was deleted'),
  access_subnet_update_succeeded: accessSubnet('was updated'),

  customer_creation_succeeded: customer('was created'),
  customer_deletion_succeeded: customer('was deleted'),
  customer_update_succeeded: customer('was updated'),
  customer_permission_review_created: customerReview('was begun'),
  customer_permission_review_closed: customerReview('was closed'),

  project_creation_succeeded: project('was created'),
  project_deletion_succeeded: project('was deleted'),
  project_deletion_triggered: project('has ended and is to be deleted', 'scheduled'),
  project_update_succeeded: project('was updated'),
  project_permission_review_created: projectReview('was begun'),
  project_permission_review_closed: projectReview('was closed'),
  project_update_request_created: projectUpdateRequest('was made', 'scheduled'),
  project_update_request_approved: projectUpdateRequest('was approved'),
  project_update_request_rejected: projectUpdateRequest('was rejected', 'cancelled'),
};
